/* SPDX-License-Identifier: MIT */
#ifndef RASDIAL_ASYNC_COMPILER_H
#define RASDIAL_ASYNC_COMPILER_H

/* cdef: from here */
/* The compiler of this code, its version, and the kind of atomics it was built with. */
const char *os_compiler(void);
/* cdef: to here */

#endif
