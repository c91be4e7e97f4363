/* SPDX-License-Identifier: MIT */
#include "compiler.h"

#define TEXT_OF(number) #number
#define NUMBER_AS_TEXT(number) TEXT_OF(number)

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#elif defined(__MINGW32__)
#define COMPILER "MinGW-w64 GCC " __VERSION__
#elif defined(__GNUC__)
#define COMPILER "GCC " __VERSION__
#elif defined(_MSC_VER)
#define COMPILER "MSVC " NUMBER_AS_TEXT(_MSC_FULL_VER)
#else
#define COMPILER "unknown"
#endif

#if defined(_MSC_VER) || defined(RASDIAL_INTERLOCKED)
#define ATOMICS "Interlocked functions"
#else
#define ATOMICS "C11 atomics"
#endif

const char *os_compiler(void) { return COMPILER ", " ATOMICS; }
