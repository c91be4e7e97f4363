/* SPDX-License-Identifier: MIT
 *
 * A hash table that only grows: a machine has a handful of devices, and every dial names the same ones.
 * So an event points to its device instead of carrying 292 bytes of text, and Python reads a text once.
 * Without locks, because RAS's threads ask inside the callback; two of them that bring the same new
 * device at once may both enter it, which does no harm.
 */
#include "device_table.h"

#include <stdlib.h>
#include <string.h>

#include "os/atomics.h"

#ifndef NOTIFY_MALLOC /* the stress test lets it fail */
#define NOTIFY_MALLOC malloc
#endif

#define BUCKETS 64

static atomic_pointer buckets[BUCKETS]; /* of struct device, never freed */

/* Up to the zero; behind it all is zero, so that texts compare as memory. Returns the hash (FNV-1a). */
static uint32_t copy_text(WCHAR *to, const WCHAR *from, size_t size, uint32_t hash)
{
    size_t length = 0;

    for (; length + 1 < size && from[length] != 0; length++) {
        to[length] = from[length];
        hash = (hash ^ from[length]) * 16777619u;
    }
    memset(to + length, 0, (size - length) * sizeof *to);
    return hash;
}

const struct device *device_of(const RASCONNSTATUSW *status)
{
    struct device wanted, *device;
    atomic_pointer *bucket;
    void *first;
    uint32_t hash = 2166136261u;

    hash = copy_text(wanted.type, status->szDeviceType, RAS_MaxDeviceType + 1, hash);
    hash = copy_text(wanted.name, status->szDeviceName, RAS_MaxDeviceName + 1, hash);
    bucket = &buckets[hash % BUCKETS];
    first = wanted.next = atomic_pointer_load(bucket);
    for (device = wanted.next; device != NULL; device = device->next)
        if (memcmp(device->type, wanted.type, sizeof wanted.type) == 0 &&
            memcmp(device->name, wanted.name, sizeof wanted.name) == 0)
            return device;
    device = NOTIFY_MALLOC(sizeof *device);
    if (device == NULL)
        return NULL;
    *device = wanted;
    while (!atomic_pointer_replace(bucket, &first, device))
        device->next = first;
    return device;
}
