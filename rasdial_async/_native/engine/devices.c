/* SPDX-License-Identifier: MIT
 *
 * The devices that entries dial on, and their ports.
 */
#include "calls.h"
#include "carrier.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *type;
    const char *name;
} usual_devices[] = {
    {"modem", "Standard Modem"},
    {"vpn", "WAN Miniport (IKEv2)"},
    {"vpn", "WAN Miniport (SSTP)"},
    {"vpn", "WAN Miniport (L2TP)"},
    {"vpn", "WAN Miniport (PPTP)"},
    {"PPPoE", "WAN Miniport (PPPOE)"},
};

int device_is_modem(const WCHAR *type)
{
    static const WCHAR modem[] = {'m', 'o', 'd', 'e', 'm', 0};

    return text_same(type, modem);
}

int device_is_ikev2(const struct device *device)
{
    return text_contains(device->name, "ikev2");
}

struct device *device_named(struct engine *engine, const WCHAR *name)
{
    struct device *device = engine->entries.devices;

    while (device && !text_same(device->name, name))
        device = device->next;
    return device;
}

static struct device *device_of(struct engine *engine, const WCHAR *type, const WCHAR *name)
{
    struct device *device = device_named(engine, name);
    struct device **end = &engine->entries.devices;

    if (device) {
        if (!device->type[0]) /* so far only its ports were set */
            text_copy(device->type, RAS_MaxDeviceType + 1, type);
        return device;
    }
    device = calloc(1, sizeof *device);
    if (!device)
        return NULL;
    text_copy(device->type, RAS_MaxDeviceType + 1, type);
    text_copy(device->name, RAS_MaxDeviceName + 1, name);
    device->ports = device_is_modem(type) || text_contains(type, "pppoe") ? 1 : 0;
    while (*end)
        end = &(*end)->next;
    *end = device;
    return device;
}

/* The name of the device that a type has first, where no other name is given. */
static const WCHAR *usual_name(const WCHAR *type, const WCHAR *name,
                               WCHAR usual[RAS_MaxDeviceName + 1])
{
    if (text_length(name, 1))
        return name;
    text_from_ascii(usual, RAS_MaxDeviceName + 1,
                    device_is_modem(type)          ? "Standard Modem"
                    : text_contains(type, "pppoe") ? "WAN Miniport (PPPOE)"
                                                   : "WAN Miniport (IKEv2)");
    return usual;
}

struct device *device_usual(struct engine *engine, const WCHAR *type, const WCHAR *name)
{
    static const WCHAR vpn[] = {'v', 'p', 'n', 0};
    WCHAR usual[RAS_MaxDeviceName + 1];

    if (!text_length(type, 1))
        type = vpn;
    return device_of(engine, type, usual_name(type, name, usual));
}

struct device *device_known(struct engine *engine, const WCHAR *type, const WCHAR *name)
{
    WCHAR usual[RAS_MaxDeviceName + 1];

    return device_named(engine, usual_name(type, name, usual));
}

int devices_open(struct engine *engine)
{
    WCHAR type[RAS_MaxDeviceType + 1];
    WCHAR name[RAS_MaxDeviceName + 1];
    size_t i;

    for (i = 0; i < sizeof usual_devices / sizeof *usual_devices; i++) {
        text_from_ascii(type, RAS_MaxDeviceType + 1, usual_devices[i].type);
        text_from_ascii(name, RAS_MaxDeviceName + 1, usual_devices[i].name);
        if (!device_of(engine, type, name))
            return -1;
    }
    return 0;
}

void devices_close(struct engine *engine)
{
    struct device *device;

    while ((device = engine->entries.devices) != NULL) {
        engine->entries.devices = device->next;
        free(device);
    }
}

struct device *device_free_modem(struct engine *engine)
{
    struct device *device = engine->entries.devices;

    while (device && !(device_is_modem(device->type) && !device->absent &&
                       (!device->ports || device->used < device->ports)))
        device = device->next;
    return device;
}

DWORD sim_set_ports(struct engine *engine, const WCHAR *device_name, uint32_t ports)
{
    struct device *device;

    if (!text_length(device_name, 1) || !text_fits(device_name, RAS_MaxDeviceName + 1))
        return ERROR_INVALID_PARAMETER;
    if (!engine_enter(engine))
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    os_lock(&engine->lock);
    device = device_of(engine, NULL, device_name);
    if (device)
        device->ports = ports;
    os_unlock(&engine->lock);
    engine_leave(engine);
    return device ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

DWORD sim_set_device(struct engine *engine, const WCHAR *type, const WCHAR *name, int present)
{
    struct device *device;

    if (!text_length(type, 1) || !text_fits(type, RAS_MaxDeviceType + 1) ||
        !text_length(name, 1) || !text_fits(name, RAS_MaxDeviceName + 1))
        return ERROR_INVALID_PARAMETER;
    if (!engine_enter(engine))
        return ERROR_RASMAN_CANNOT_INITIALIZE;
    os_lock(&engine->lock);
    device = device_of(engine, type, name);
    if (device)
        device->absent = !present;
    os_unlock(&engine->lock);
    engine_leave(engine);
    return device ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
}

static int listed(const struct device *device)
{
    return device->type[0] && !device->absent;
}

static DWORD list_devices(struct engine *engine, RASDEVINFOW *list, DWORD *bytes, DWORD *count)
{
    static const DWORD sizes[] = {sizeof *list, 0};
    const struct device *device;
    size_t size, found = 0;
    DWORD error;

    engine_look(engine, LOOK_DEVICES);
    for (device = engine->entries.devices; device; device = device->next)
        found += listed(device);
    if (list && *bytes < sizeof list->dwSize && list->dwSize != sizeof *list)
        error = answer_devices_size(engine, 0); /* Windows looks at the size before it looks at the room */
    else
        error = list_room(list, sizes, &size, bytes, count, found);
    if (error)
        return error == ERROR_INVALID_SIZE ? answer_devices_size(engine, 1) : error;
    for (device = engine->entries.devices; device; device = device->next) {
        if (!listed(device))
            continue;
        memset(list, 0, sizeof *list);
        list->dwSize = sizeof *list;
        text_copy(list->szDeviceType, RAS_MaxDeviceType + 1, device->type);
        text_copy(list->szDeviceName, RAS_MaxDeviceName + 1, device->name);
        list++;
    }
    return ERROR_SUCCESS;
}

DWORD ras_enum_devices(struct engine *engine, RASDEVINFOW *list, DWORD *bytes, DWORD *count)
{
    DWORD error;

    if (!bytes || !count)
        return ERROR_INVALID_PARAMETER;
    os_lock(&engine->lock);
    error = list_devices(engine, list, bytes, count);
    os_unlock(&engine->lock);
    return error;
}
