"""setup.py for a Windows wheel, with mingw-w64 on another system: `python cross_setup.py bdist_wheel`

The environment variable RASDIAL_WINDOWS_CACHE names the folder with the headers and the import library
that tools/wine_lane/provision.sh has made.
"""

import os
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

COMPILER = "x86_64-w64-mingw32-gcc"
CACHE = Path(os.environ["RASDIAL_WINDOWS_CACHE"])


class CrossBuild(build_ext):
    """build_ext with mingw-w64 in place of this system's compiler."""

    def get_ext_filename(self, ext_name: str) -> str:
        return os.path.join(*ext_name.split(".")) + ".pyd"  # the name of an abi3 module on Windows

    def build_extension(self, ext: Extension) -> None:
        self.compiler.set_executables(
            compiler_so=[COMPILER, "-O2", "-Wall", "-Werror=attributes", "-D_WIN32_WINNT=0x0A00"],
            linker_so=[COMPILER, "-shared", "-static-libgcc", "-s", "-Wl,--exclude-all-symbols"],
        )
        self.compiler.set_include_dirs([str(CACHE / "include")])
        self.compiler.set_library_dirs([str(CACHE)])
        ext.libraries = ["python3", "ws2_32"]
        ext.extra_compile_args = ["-std=c11"]
        super().build_extension(ext)


setup(
    cffi_modules=["build_ffi.py:ffibuilder"],
    cmdclass={"build_ext": CrossBuild},
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
