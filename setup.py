from setuptools import setup

setup(cffi_modules=["build_ffi.py:ffibuilder"])  # only setup.py can say this
