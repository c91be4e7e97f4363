/* SPDX-License-Identifier: MIT
 *
 * What a simulated link carries, and between which addresses. It carries nothing, so its counters say
 * what the caller of sim_set_statistics wants; only the duration runs by itself. Addresses come out of
 * the blocks that are set aside for documentation.
 */
#include "scripted.h"

#include <string.h>

static const BYTE ipv4_network[4] = {203, 0, 113, 0};
static const BYTE ipv6_network[16] = {0x20, 0x01, 0x0D, 0xB8};
enum { SERVER = 1, SECOND_SERVER = 254 };

/* The connection's own address in each block. */
static BYTE connection_number(const struct connection *connection)
{
    return (BYTE)(2 + connection->handle / 4 % 252);
}

static void endpoint(RASTUNNELENDPOINT *end, BYTE a, BYTE b, BYTE c, BYTE d)
{
    end->dwType = 1;
    end->ipv4[0] = a;
    end->ipv4[1] = b;
    end->ipv4[2] = c;
    end->ipv4[3] = d;
}

void link_begin(struct connection *connection)
{
    struct run *run = connection->run;

    run->counters.dwBps = device_is_modem(connection->entry->device->type) ? 56000 : 100000000;
    endpoint(&connection->local, 192, 0, 2, connection_number(connection));
    endpoint(&connection->remote, 198, 51, 100, connection_number(connection));
}

void link_address(struct connection *connection)
{
    const struct far_end *far_end = far_end_of(connection);
    struct run *run = connection->run;

    if (far_end && far_end->addresses && !run->addressed)
        addresses_take(far_end->addresses, run);
    run->addressed = 1;
}

/* ---- counters */

static DWORD age(const struct connection *link)
{
    return (DWORD)((os_now() - link->up_at) / OS_MILLISECOND);
}

void scripted_statistics(struct engine *engine, const struct connection *connection,
                         RAS_STATS *totals)
{
    (void)engine;
    *totals = ((const struct run *)connection->run)->counters;
    totals->dwConnectDuration += age(connection);
}

void link_set_statistics(struct connection *link, const RAS_STATS *values, int more)
{
    struct run *run = link->run;

    if (more) {
        counters_add(&run->counters, values);
        return;
    }
    run->counters = *values;
    counters_add(&run->counters, &link->cleared);
    run->counters.dwConnectDuration -= age(link);
}

/* ---- addresses */

static void ipv4(BYTE address[4], BYTE number)
{
    memcpy(address, ipv4_network, 4);
    address[3] = number;
}

static void ipv6(BYTE address[16], BYTE number)
{
    memcpy(address, ipv6_network, 16);
    address[15] = number;
}

static void interface_identifier(BYTE identifier[8], BYTE number)
{
    identifier[0] = 2; /* not out of a hardware address */
    identifier[7] = number;
}

static DWORD refused(const struct connection *connection, DWORD protocol)
{
    return connection->protocols & protocol ? 0 : ERROR_PROTOCOL_NOT_CONFIGURED;
}

void scripted_projection(struct engine *engine, const struct connection *connection,
                         struct projection *projection)
{
    /* A multilink whole has no run of its own: its links have one address. */
    const struct connection *link = connection->link_count ? connection->links : connection;
    const struct run *run = link ? link->run : NULL;
    BYTE number = connection_number(connection);

    (void)engine;
    projection->ipv4_error = refused(connection, RASNP_Ip);
    if (!projection->ipv4_error) {
        ipv4(projection->ipv4_address, number);
        if (run && run->has_ipv4)
            memcpy(projection->ipv4_address, run->ipv4_address, 4);
        ipv4(projection->ipv4_server, SERVER);
        ipv4(projection->ipv4_second_server, SECOND_SERVER);
    }
    projection->ipv6_error = refused(connection, RASNP_Ipv6);
    if (!projection->ipv6_error) {
        interface_identifier(projection->ipv6_identifier, number);
        interface_identifier(projection->ipv6_server_identifier, SERVER);
        ipv6(projection->ipv6_address, number);
        ipv6(projection->ipv6_server, SERVER);
        if (run && run->has_ipv6) {
            memcpy(projection->ipv6_identifier, run->ipv6_address + 8, 8);
            memcpy(projection->ipv6_address, run->ipv6_address, 16);
        }
    }
    projection->authentication = connection->eap_type ? RASLCPAP_EAP : RASLCPAP_CHAP;
    projection->authentication_data = connection->eap_type ? 0 : RASLCPAD_CHAP_MSV2;
    projection->eap_type = connection->eap_type;
    projection->encrypts = (char)text_contains(connection->entry->device->name, "pptp");
}
