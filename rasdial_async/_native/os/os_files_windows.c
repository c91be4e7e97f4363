/* SPDX-License-Identifier: MIT */
#ifdef _WIN32

#include "files.h"

#include <stdlib.h>
#include <string.h>

#define LARGEST (32 * 1024 * 1024)
#define LONGEST_PATH 1024
#define SHARE (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

struct os_stamp os_file_stamp(const WCHAR *path)
{
    struct os_stamp stamp = {0, 0, 0};
    WIN32_FILE_ATTRIBUTE_DATA data;

    if (GetFileAttributesExW(path, GetFileExInfoStandard, &data) &&
        !(data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)) {
        stamp.changed = (uint64_t)data.ftLastWriteTime.dwHighDateTime << 32 |
                        data.ftLastWriteTime.dwLowDateTime;
        stamp.size = (uint64_t)data.nFileSizeHigh << 32 | data.nFileSizeLow;
        stamp.identity = 1;
    }
    return stamp;
}

int os_same_stamp(struct os_stamp left, struct os_stamp right)
{
    return left.changed == right.changed && left.size == right.size &&
           left.identity == right.identity;
}

int os_file_read(const WCHAR *path, char **bytes, size_t *size)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, SHARE, NULL, OPEN_EXISTING, 0, NULL);
    LARGE_INTEGER length;
    DWORD got = 0;
    int failed = -1;

    *bytes = NULL;
    if (file == INVALID_HANDLE_VALUE)
        return -1;
    if (GetFileSizeEx(file, &length) && length.QuadPart < LARGEST) {
        *size = (size_t)length.QuadPart;
        *bytes = malloc(*size + 1);
        if (*bytes && ReadFile(file, *bytes, (DWORD)*size, &got, NULL) && got == *size)
            failed = 0;
    }
    CloseHandle(file);
    if (failed)
        free(*bytes);
    return failed;
}

int os_file_replace(const WCHAR *path, const char *bytes, size_t size)
{
    static const WCHAR ending[] = {'.', 't', 'm', 'p', 0};
    WCHAR temporary[LONGEST_PATH];
    size_t length = 0;
    DWORD written = 0;
    HANDLE file;
    BOOL done;

    while (path[length])
        length++;
    if (length + sizeof ending / sizeof *ending > LONGEST_PATH)
        return -1;
    memcpy(temporary, path, length * sizeof *path);
    memcpy(temporary + length, ending, sizeof ending);
    file = CreateFileW(temporary, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
        return -1;
    done = WriteFile(file, bytes, (DWORD)size, &written, NULL) && written == size &&
           FlushFileBuffers(file);
    CloseHandle(file);
    if (!done || !MoveFileExW(temporary, path, MOVEFILE_REPLACE_EXISTING)) {
        DeleteFileW(temporary);
        return -1;
    }
    return 0;
}

int os_file_has_folder(const WCHAR *path)
{
    WCHAR folder[LONGEST_PATH];
    size_t length = 0, end = 0;
    DWORD attributes;

    for (; path[length] && length + 1 < LONGEST_PATH; length++) {
        folder[length] = path[length];
        if (path[length] == '\\' || path[length] == '/')
            end = length + 1;
    }
    if (!end)
        return 1;
    folder[end] = 0;
    attributes = GetFileAttributesW(folder);
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY);
}

size_t os_full_path(const WCHAR *path, WCHAR *full, size_t room)
{
    DWORD length = GetFullPathNameW(path, (DWORD)room, full, NULL);

    return length < room ? length : 0;
}

#else
typedef int os_files_windows_is_for_windows; /* C wants a declaration in every file */
#endif
