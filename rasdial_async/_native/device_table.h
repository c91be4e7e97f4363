/* SPDX-License-Identifier: MIT
 *
 * The devices that RAS has named, each once, for as long as the process lives.
 */
#ifndef RASDIAL_ASYNC_DEVICE_TABLE_H
#define RASDIAL_ASYNC_DEVICE_TABLE_H

#include "ras_types.h"

/* cdef: from here */
struct device {
    struct device *next;
    WCHAR type[RAS_MaxDeviceType + 1];
    WCHAR name[RAS_MaxDeviceName + 1];
};
/* cdef: to here */

/* The device that a status names; null without memory for a new one. From any thread. */
const struct device *device_of(const RASCONNSTATUSW *status);

#endif
