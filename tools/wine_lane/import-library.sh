#!/bin/sh
# import-library.sh FILE.dll OUT.a: an import library for what a 64-bit DLL exports.
set -eu
dll=$1 out=$2
definition=$out.def
{
    echo "LIBRARY \"$(basename "$dll")\""
    echo EXPORTS
    x86_64-w64-mingw32-objdump -p "$dll" | tr -d '\r' |
        sed -n '/^\[Ordinal\/Name Pointer\] Table/,/^$/p' |
        sed -n 's/^[[:space:]]*\[ *[0-9]*\] *\(+base\[ *[0-9]*\]\)\? *\([0-9a-f]* \)\?\([A-Za-z_?@$][^ ]*\)$/\3/p'
} >"$definition"
x86_64-w64-mingw32-dlltool -d "$definition" -l "$out"
