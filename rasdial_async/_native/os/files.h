/* SPDX-License-Identifier: MIT
 *
 * Whole files: read at once, replaced at once.
 */
#ifndef RASDIAL_ASYNC_FILES_H
#define RASDIAL_ASYNC_FILES_H

#include "../ras_types.h"

#ifdef _WIN32
typedef WCHAR os_path_char;
#else
typedef char os_path_char;
#endif

/* Another one for a file that has changed; all zero where there is no file. */
struct os_stamp {
    uint64_t changed;
    uint64_t size;
    uint64_t identity;
};

struct os_stamp os_file_stamp(const os_path_char *path);
int os_same_stamp(struct os_stamp left, struct os_stamp right);

/* 0, or -1: it can't be opened or is too large; no memory counts as that. `*bytes` is freed by the
 * caller. */
int os_file_read(const os_path_char *path, char **bytes, size_t *size);
/* All of it or nothing. A new file is for its owner only; another keeps its mode, and its owner where the
 * caller may. 0, or -1. */
int os_file_replace(const os_path_char *path, const char *bytes, size_t size);
/* Whether the folder of that file exists. */
int os_file_has_folder(const os_path_char *path);
/* Characters without the terminator, 0 = it does not fit or can't be told. */
size_t os_full_path(const os_path_char *path, os_path_char *full, size_t room);

#endif
