/* SPDX-License-Identifier: MIT
 *
 * Projection: what was agreed per network protocol. The carrier knows it; before RASCS_Projected
 * there is none.
 */
#include "calls.h"
#include "carrier.h"

#include <string.h>

static void ipv4_text(WCHAR text[RAS_MaxIpAddress + 1], const BYTE address[4])
{
    size_t i, at = 0;

    for (i = 0; i < 4; i++) {
        if (i)
            text[at++] = '.';
        if (address[i] >= 100)
            text[at++] = (WCHAR)('0' + address[i] / 100);
        if (address[i] >= 10)
            text[at++] = (WCHAR)('0' + address[i] / 10 % 10);
        text[at++] = (WCHAR)('0' + address[i] % 10);
    }
    text[at] = 0;
}

static int links(const struct connection *connection)
{
    return connection->link_count > 1;
}

static struct projection projection_of(struct engine *engine, const struct connection *connection)
{
    struct projection projection = {0};

    engine->carrier->projection(engine, connection, &projection);
    return projection;
}

/* ---- RasGetProjectionInfo: one structure for each protocol */

union ppp {
    RASPPPIPW ip;
    RASPPPIPV6 ipv6;
    RASPPPLCPW lcp;
    RASPPPCCP ccp;
};

static const DWORD *known_sizes(DWORD protocol)
{
    static const DWORD ip[] = {sizeof(RASPPPIPW), offsetof(RASPPPIPW, dwOptions), 0};
    static const DWORD ipv6[] = {sizeof(RASPPPIPV6), 0};
    static const DWORD lcp[] = {sizeof(RASPPPLCPW), offsetof(RASPPPLCPW, dwError), 0};
    static const DWORD ccp[] = {sizeof(RASPPPCCP), 0};

    switch (protocol) {
    case RASP_PppIp:
        return ip;
    case RASP_PppIpv6:
        return ipv6;
    case RASP_PppLcp:
        return lcp;
    case RASP_PppCcp:
        return ccp;
    default:
        return NULL;
    }
}

static DWORD agreed(struct engine *engine, const struct connection *connection, DWORD protocol,
                    union ppp *info)
{
    const struct projection from = projection_of(engine, connection);

    memset(info, 0, sizeof *info);
    switch (protocol) {
    case RASP_PppIp:
        ipv4_text(info->ip.szIpAddress, from.ipv4_address);
        ipv4_text(info->ip.szServerIpAddress, from.ipv4_server);
        return from.ipv4_error;
    case RASP_PppIpv6:
        memcpy(info->ipv6.bLocalInterfaceIdentifier, from.ipv6_identifier, 8);
        memcpy(info->ipv6.bPeerInterfaceIdentifier, from.ipv6_server_identifier, 8);
        return from.ipv6_error;
    case RASP_PppCcp:
        if (!from.encrypts)
            return ERROR_PROTOCOL_NOT_CONFIGURED;
        info->ccp.dwCompressionAlgorithm = RASCCPCA_MPPC;
        info->ccp.dwServerCompressionAlgorithm = RASCCPCA_MPPC;
        info->ccp.dwOptions = info->ccp.dwServerOptions = RASCCPO_Encryption128bit;
        return ERROR_SUCCESS;
    default:
        info->lcp.fBundled = info->lcp.fMultilink = links(connection);
        info->lcp.dwAuthenticationProtocol = from.authentication;
        info->lcp.dwAuthenticationData = from.authentication_data;
        info->lcp.dwEapTypeId = from.eap_type;
        return ERROR_SUCCESS;
    }
}

/* The handle of a link does as well: all of them share one projection. */
static const struct connection *whole_of(struct engine *engine, HRASCONN handle)
{
    const struct connection *connection = connection_find(engine, handle);

    return connection && connection->whole ? connection->whole : connection;
}

static DWORD get_info(struct engine *engine, HRASCONN handle, DWORD protocol, void *target,
                      DWORD *bytes)
{
    const struct connection *connection = whole_of(engine, handle);
    const DWORD *size = known_sizes(protocol);
    DWORD room = target ? *bytes : 0, given = 0, error;
    union ppp info;

    if (!connection)
        return ERROR_INVALID_HANDLE;
    if (!size || device_is_ikev2(connection->entry->device))
        return ERROR_PROTOCOL_NOT_CONFIGURED;
    if (!connection->projected)
        return ERROR_PROJECTION_NOT_COMPLETE;
    *bytes = size[0];
    if (room < sizeof given)
        return ERROR_BUFFER_TOO_SMALL;
    memcpy(&given, target, sizeof given);
    while (*size && *size != given)
        size++;
    if (!*size)
        return ERROR_INVALID_SIZE;
    *bytes = given;
    if (room < given)
        return ERROR_BUFFER_TOO_SMALL;
    error = agreed(engine, connection, protocol, &info);
    if (error)
        return error;
    memcpy(&info, &given, sizeof given);
    memcpy(target, &info, given);
    return ERROR_SUCCESS;
}

DWORD ras_get_projection_info(struct engine *engine, HRASCONN handle, DWORD protocol, void *info,
                              DWORD *bytes)
{
    static const DWORD elder[] = {0x10000, 0x803F, 0x802B, 0x20000}; /* AMB, NBF, IPX, SLIP */
    size_t i = 0;
    DWORD error;

    while (i < sizeof elder / sizeof *elder && elder[i] != protocol)
        i++;
    if (!bytes || (!known_sizes(protocol) && i == sizeof elder / sizeof *elder))
        return ERROR_INVALID_PARAMETER;
    os_lock(&engine->lock);
    error = get_info(engine, handle, protocol, info, bytes);
    os_unlock(&engine->lock);
    return error;
}

/* ---- RasGetProjectionInfoEx: all in one, IKEv2 too */

struct ikev2_addresses { /* behind the structure */
    BYTE ipv4[2][4];
    BYTE ipv6[1][16];
};

static void describe_ppp(struct engine *engine, const struct connection *connection,
                         RASPPP_PROJECTION_INFO *ppp)
{
    const struct projection from = projection_of(engine, connection);

    ppp->dwIPv4NegotiationError = from.ipv4_error;
    memcpy(ppp->ipv4Address, from.ipv4_address, 4);
    memcpy(ppp->ipv4ServerAddress, from.ipv4_server, 4);
    ppp->dwIPv6NegotiationError = from.ipv6_error;
    memcpy(ppp->bInterfaceIdentifier, from.ipv6_identifier, 8);
    memcpy(ppp->bServerInterfaceIdentifier, from.ipv6_server_identifier, 8);
    ppp->fBundled = ppp->fMultilink = links(connection);
    ppp->dwAuthenticationProtocol = from.authentication;
    ppp->dwAuthenticationData = from.authentication_data;
    ppp->dwEapTypeId = from.eap_type;
    if (from.encrypts) {
        ppp->dwCcpCompressionAlgorithm = ppp->dwCcpServerCompressionAlgorithm = RASCCPCA_MPPC;
        ppp->dwCcpOptions = ppp->dwCcpServerOptions = RASCCPO_Encryption128bit;
    } else {
        ppp->dwCcpError = ERROR_PROTOCOL_NOT_CONFIGURED;
    }
}

static void describe_ikev2(struct engine *engine, const struct connection *connection,
                           RASIKEV2_PROJECTION_INFO *ikev2, struct ikev2_addresses *addresses)
{
    const struct projection from = projection_of(engine, connection);

    ikev2->dwIPv4NegotiationError = from.ipv4_error;
    if (!ikev2->dwIPv4NegotiationError) {
        memcpy(ikev2->ipv4Address, from.ipv4_address, 4);
        memcpy(ikev2->ipv4ServerAddress, from.ipv4_server, 4);
        memcpy(addresses->ipv4[0], from.ipv4_server, 4);
        memcpy(addresses->ipv4[1], from.ipv4_second_server, 4);
        ikev2->numIPv4ServerAddresses = 2;
        ikev2->ipv4ServerAddresses = addresses->ipv4;
    }
    ikev2->dwIPv6NegotiationError = from.ipv6_error;
    if (!ikev2->dwIPv6NegotiationError) {
        memcpy(ikev2->ipv6Address, from.ipv6_address, 16);
        memcpy(ikev2->ipv6ServerAddress, from.ipv6_server, 16);
        ikev2->dwPrefixLength = 64;
        memcpy(addresses->ipv6[0], from.ipv6_server, 16);
        ikev2->numIPv6ServerAddresses = 1;
        ikev2->ipv6ServerAddresses = addresses->ipv6;
    }
    ikev2->dwAuthenticationProtocol = RASIKEv2_AUTH_EAP;
    ikev2->dwEapTypeId = from.eap_type ? from.eap_type : 26; /* MS-CHAPv2 */
    if (connection->mobile)
        ikev2->dwFlags = RASIKEv2_FLAGS_MOBIKESUPPORTED;
    ikev2->dwEncryptionMethod = 3; /* AES-256 */
}

static DWORD get_info_ex(struct engine *engine, HRASCONN handle, RAS_PROJECTION_INFO *info,
                         DWORD *bytes)
{
    const struct connection *connection = whole_of(engine, handle);
    DWORD room = info ? *bytes : 0;
    int is_ikev2;

    if (!connection)
        return ERROR_INVALID_HANDLE;
    if (!connection->projected)
        return ERROR_PROTOCOL_NOT_CONFIGURED;
    is_ikev2 = device_is_ikev2(connection->entry->device);
    *bytes = sizeof *info + (is_ikev2 ? sizeof(struct ikev2_addresses) : 0);
    if (room >= sizeof info->version && info->version != RASAPIVERSION_601)
        return ERROR_INVALID_SIZE;
    if (room < *bytes)
        return ERROR_BUFFER_TOO_SMALL;
    memset(info, 0, *bytes);
    info->version = RASAPIVERSION_601;
    info->type = is_ikev2 ? PROJECTION_INFO_TYPE_IKEv2 : PROJECTION_INFO_TYPE_PPP;
    if (is_ikev2)
        describe_ikev2(engine, connection, &info->ikev2, (struct ikev2_addresses *)(info + 1));
    else
        describe_ppp(engine, connection, &info->ppp);
    return ERROR_SUCCESS;
}

DWORD ras_get_projection_info_ex(struct engine *engine, HRASCONN handle, RAS_PROJECTION_INFO *info,
                                 DWORD *bytes)
{
    DWORD error;

    if (!bytes)
        return ERROR_INVALID_PARAMETER;
    os_lock(&engine->lock);
    error = get_info_ex(engine, handle, info, bytes);
    os_unlock(&engine->lock);
    return error;
}
