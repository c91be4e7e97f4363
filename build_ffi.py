"""Builds rasdial_async._native._ras, the compiled room: cffi in API mode, stable ABI (abi3).

`pip install .` runs this through setup.py's cffi_modules.
"""

import json
import os
import re
import sys
from pathlib import Path

from cffi import FFI

NATIVE = Path("rasdial_async/_native")
GENERATED = Path("build/generated")
SOURCES = [
    *("notify.c", "notify_functions.c", "device_table.c", "ras_layout.c", "ras_library.c", "watch_event.c"),
    "watched_callback.c",
    *(
        str(path.relative_to(NATIVE))
        for folder in ("os", "engine", "engine/scripted", "engine/pppd")
        for path in sorted((NATIVE / folder).glob("*.c"))
    ),
]

HEADERS = (
    *("ras_types.h", "ras_api.h", "device_table.h", "notify.h", "watch_event.h"),
    *("watched_callback.h", "os/compiler.h"),
    *("engine/engine.h", "engine/scripted/simulator.h", "engine/pppd/open.h"),
)
"""In these, Python may use what stands between `cdef: from here` and `cdef: to here`."""

# Windows' own types; "..." leaves the size to the C compiler. WCHAR is one that cffi makes a str of.
TYPES = """
typedef int... DWORD;
typedef int... UINT;
typedef int32_t BOOL;
typedef char16_t WCHAR;
typedef uint8_t BYTE;
typedef uintptr_t ULONG_PTR;
typedef struct HWND__ *HWND;
typedef void *HANDLE;
typedef struct { uint32_t Data1; uint16_t Data2; uint16_t Data3; uint8_t Data4[8]; ...; } GUID;
typedef struct { uint32_t LowPart; int32_t HighPart; ...; } LUID;
"""

# From C to Python and back: trampoline.py. The trampolines exist once cffi has generated them.
TRAMPOLINES = """
int notify_drain_to_python(int target);
int notify_relay_to_on_wake(int target);
extern "Python" int on_dial_events(int target, const struct notify_event *events, int count);
extern "Python" void on_wake(int target);
"""

PREAMBLE = """
#include <uchar.h>

#include "notify.h"
#include "engine/scripted/simulator.h"
#include "engine/pppd/open.h"
#include "watch_event.h"
#include "watched_callback.h"
#include "os/compiler.h"

#ifndef _WIN32
#define __stdcall
#endif

static int on_dial_events(int, const struct notify_event *, int);
static void on_wake(int);

static int notify_drain_to_python(int target) { return notify_drain(target, on_dial_events); }
static int notify_relay_to_on_wake(int target) { return notify_relay_to_python(target, on_wake); }
"""


def write_error_texts(folder: Path) -> None:
    """The simulator's RasGetErrorString answers with the package's own messages."""
    table = json.loads(Path("rasdial_async/errors/error_codes.json").read_text(encoding="utf-8"))
    lines = [
        f"{{ {entry['code']}, {json.dumps(entry['message'])}, {json.dumps((entry | pppd)['message'])} }},\n"
        for entry in table["codes"]
        for pppd in [entry.get("pppd", {})]
        if 600 <= entry["code"] <= 899
    ]
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / f"error_text.{os.getpid()}"  # the file is never half there: another build may read it
    whole.write_text("".join(lines), encoding="utf-8")
    whole.replace(folder / "error_text.inc")


def function_table(header: str) -> str:
    """struct ras_api, which the header makes out of a list by macros."""
    listed = re.findall(r"X\((Ras\w+),\s*(\(.*?\))\)", re.sub(r"\\\n", " ", header))
    members = [f"DWORD (__stdcall *{name}){parameters};" for name, parameters in listed]
    members.append("void (__stdcall *RasFreeEapUserIdentityW)(RASEAPUSERIDENTITYW *);")
    return f"struct ras_api {{ {' '.join(members)} ...; }};"


def declarations(header: str) -> str:
    """What cffi is to know of a header: layouts, lengths and numbers stay the compiler's."""
    marked = "".join(re.findall(r"/\* cdef: from here \*/\n(.*?)/\* cdef: to here \*/", header, re.S))
    text = re.sub(r"/\*.*?\*/", "", marked, flags=re.S)
    text = re.sub(r"^(#define \w+) .*$", r"\1 ...", text, flags=re.M)
    text = re.sub(r"\[[^\]]*[A-Z][^\]]*\]", "[...]", text)
    return re.sub(r"^((?:typedef )?struct \w*\s*\{\n.*?)^\}", r"\1    ...;\n}", text, flags=re.M | re.S)


def contract() -> str:
    """All that Python and C know of one another, for ffi.cdef()."""
    headers = {name: (NATIVE / name).read_text(encoding="utf-8") for name in HEADERS}
    parts = [declarations(text) for text in headers.values()]
    parts.insert(1, function_table(headers["ras_api.h"]))
    return "\n".join((TYPES, *parts, TRAMPOLINES))


def make_builder() -> FFI:
    write_error_texts(GENERATED)
    builder = FFI()
    builder.cdef(contract())
    windows = sys.platform == "win32"
    builder.set_source(
        "rasdial_async._native._ras",
        PREAMBLE,
        sources=[str(NATIVE / name) for name in SOURCES],
        include_dirs=[str(NATIVE), str(GENERATED)],
        libraries=["ws2_32"] if windows else ["pthread"] if sys.platform == "darwin" else ["pthread", "dl"],
        extra_compile_args=["/std:c11"]
        if windows
        else ["-std=c11", "-fvisibility=hidden", "-g0"],  # debug information names the machine's folders
        py_limited_api=True,
    )
    return builder


ffibuilder = make_builder()

if __name__ == "__main__":
    ffibuilder.compile(verbose=True)
