/* SPDX-License-Identifier: MIT */
#ifndef _WIN32
#define _GNU_SOURCE

#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGEST ((size_t)32 * 1024 * 1024)
#define LONGEST_PATH 4096

#ifdef __APPLE__
#define CHANGED(status) (status).st_mtimespec
#else
#define CHANGED(status) (status).st_mtim
#endif

struct os_stamp os_file_stamp(const char *path)
{
    struct os_stamp stamp = {0, 0, 0};
    struct stat status;

    if (stat(path, &status) == 0 && S_ISREG(status.st_mode)) {
        stamp.changed = (uint64_t)CHANGED(status).tv_sec * UINT64_C(1000000000) +
                        (uint64_t)CHANGED(status).tv_nsec;
        stamp.size = (uint64_t)status.st_size;
        stamp.identity = (uint64_t)status.st_ino + 1;
    }
    return stamp;
}

int os_same_stamp(struct os_stamp left, struct os_stamp right)
{
    return left.changed == right.changed && left.size == right.size &&
           left.identity == right.identity;
}

int os_file_read(const char *path, char **bytes, size_t *size)
{
    struct stat status;
    FILE *file = fopen(path, "rbe");
    int failed = -1;

    *bytes = NULL;
    if (!file)
        return -1;
    if (fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode) &&
        (size_t)status.st_size < LARGEST) {
        *size = (size_t)status.st_size;
        *bytes = malloc(*size + 1);
        if (*bytes && fread(*bytes, 1, *size, file) == *size)
            failed = 0;
    }
    fclose(file);
    if (failed)
        free(*bytes);
    return failed;
}

static int write_all(int descriptor, const char *bytes, size_t size)
{
    while (size) {
        ssize_t written = write(descriptor, bytes, size);

        if (written <= 0)
            return -1;
        bytes += written;
        size -= (size_t)written;
    }
    return fsync(descriptor);
}

int os_file_replace(const char *path, const char *bytes, size_t size)
{
    char real[LONGEST_PATH], temporary[LONGEST_PATH];
    struct stat status;
    int descriptor, failed;

    if (!realpath(path, real)) /* there is none yet */
        snprintf(real, sizeof real, "%s", path);
    if (snprintf(temporary, sizeof temporary, "%s.XXXXXX", real) >= (int)sizeof temporary)
        return -1;
    descriptor = mkstemp(temporary); /* for the owner only */
    if (descriptor < 0)
        return -1;
    failed = write_all(descriptor, bytes, size);
    if (!failed && stat(real, &status) == 0) {
        (void)!fchown(descriptor, status.st_uid, status.st_gid); /* where the caller may */
        failed = fchmod(descriptor, status.st_mode & 07777);
    }
    if (close(descriptor) != 0 || failed || rename(temporary, real) != 0) {
        unlink(temporary);
        return -1;
    }
    return 0;
}

int os_file_has_folder(const char *path)
{
    char folder[LONGEST_PATH];
    struct stat status;
    char *end;

    snprintf(folder, sizeof folder, "%s", path);
    end = strrchr(folder, '/');
    if (!end)
        return 1;
    end[end == folder] = 0;
    return stat(folder, &status) == 0 && S_ISDIR(status.st_mode);
}

size_t os_full_path(const char *path, char *full, size_t room)
{
    char folder[LONGEST_PATH] = "";
    int length;

    if (path[0] != '/' && !getcwd(folder, sizeof folder))
        return 0;
    length = snprintf(full, room, "%s%s%s", folder, path[0] == '/' ? "" : "/", path);
    return length > 0 && (size_t)length < room ? (size_t)length : 0;
}

#else
typedef int os_files_posix_is_for_other_systems; /* C wants a declaration in every file */
#endif
