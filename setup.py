import sys
import sysconfig

from setuptools import setup


def stable_abi() -> str | None:
    """Return the oldest CPython that the wheel is for; None = a wheel for this Python alone.

    cffi compiles for abi3 with a GIL, and for abi3t, which is new in 3.15, without one.
    """
    if not sysconfig.get_config_var("Py_GIL_DISABLED"):
        return "cp311"
    return "cp315" if sys.version_info >= (3, 15) else None


setup(
    cffi_modules=["build_ffi.py:ffibuilder"],  # only setup.py can say this
    options={"bdist_wheel": {"py_limited_api": stable_abi()}} if stable_abi() else {},
)
