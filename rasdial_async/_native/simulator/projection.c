/* SPDX-License-Identifier: MIT
 *
 * Projection: what was agreed per network protocol. Addresses come out of the blocks that are set
 * aside for documentation. Before RASCS_Projected there is none.
 */
#include "calls.h"

#include <string.h>

static const BYTE ipv4_network[4] = {203, 0, 113, 0};
static const BYTE ipv6_network[16] = {0x20, 0x01, 0x0D, 0xB8};
enum { SERVER = 1 };

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
    memset(identifier, 0, 8);
    identifier[0] = 2; /* not out of a hardware address */
    identifier[7] = number;
}

static void ipv4_text(WCHAR text[RAS_MaxIpAddress + 1], BYTE number)
{
    BYTE address[4];
    size_t i, at = 0;

    ipv4(address, number);
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

static int encrypts(const struct connection *connection) /* by PPP itself */
{
    return text_contains(connection->entry->device->name, "pptp");
}

static int links(const struct connection *connection)
{
    return connection->link_count > 1;
}

static DWORD refused(const struct connection *connection, DWORD protocol)
{
    return connection->protocols & protocol ? 0 : ERROR_PROTOCOL_NOT_CONFIGURED;
}

static DWORD authentication(const struct connection *connection)
{
    return connection->eap_type ? RASLCPAP_EAP : RASLCPAP_CHAP;
}

static DWORD authentication_data(const struct connection *connection)
{
    return connection->eap_type ? 0 : RASLCPAD_CHAP_MSV2;
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

static DWORD agreed(const struct connection *connection, DWORD protocol, union ppp *info)
{
    BYTE number = connection_number(connection);

    memset(info, 0, sizeof *info);
    switch (protocol) {
    case RASP_PppIp:
        ipv4_text(info->ip.szIpAddress, number);
        ipv4_text(info->ip.szServerIpAddress, SERVER);
        return refused(connection, RASNP_Ip);
    case RASP_PppIpv6:
        interface_identifier(info->ipv6.bLocalInterfaceIdentifier, number);
        interface_identifier(info->ipv6.bPeerInterfaceIdentifier, SERVER);
        return refused(connection, RASNP_Ipv6);
    case RASP_PppCcp:
        if (!encrypts(connection))
            return ERROR_PROTOCOL_NOT_CONFIGURED;
        info->ccp.dwCompressionAlgorithm = RASCCPCA_MPPC;
        info->ccp.dwServerCompressionAlgorithm = RASCCPCA_MPPC;
        info->ccp.dwOptions = info->ccp.dwServerOptions = RASCCPO_Encryption128bit;
        return ERROR_SUCCESS;
    default:
        info->lcp.fBundled = info->lcp.fMultilink = links(connection);
        info->lcp.dwAuthenticationProtocol = authentication(connection);
        info->lcp.dwAuthenticationData = authentication_data(connection);
        info->lcp.dwEapTypeId = connection->eap_type;
        return ERROR_SUCCESS;
    }
}

/* The handle of a link does as well: all of them share one projection. */
static const struct connection *whole_of(struct sim *engine, HRASCONN handle)
{
    const struct connection *connection = connection_find(engine, handle);

    return connection && connection->whole ? connection->whole : connection;
}

static DWORD get_info(struct sim *engine, HRASCONN handle, DWORD protocol, void *target,
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
    error = agreed(connection, protocol, &info);
    if (error)
        return error;
    memcpy(&info, &given, sizeof given);
    memcpy(target, &info, given);
    return ERROR_SUCCESS;
}

DWORD ras_get_projection_info(struct sim *engine, HRASCONN handle, DWORD protocol, void *info,
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

static void describe_ppp(const struct connection *connection, RASPPP_PROJECTION_INFO *ppp)
{
    BYTE number = connection_number(connection);

    ppp->dwIPv4NegotiationError = refused(connection, RASNP_Ip);
    if (!ppp->dwIPv4NegotiationError) {
        ipv4(ppp->ipv4Address, number);
        ipv4(ppp->ipv4ServerAddress, SERVER);
    }
    ppp->dwIPv6NegotiationError = refused(connection, RASNP_Ipv6);
    if (!ppp->dwIPv6NegotiationError) {
        interface_identifier(ppp->bInterfaceIdentifier, number);
        interface_identifier(ppp->bServerInterfaceIdentifier, SERVER);
    }
    ppp->fBundled = ppp->fMultilink = links(connection);
    ppp->dwAuthenticationProtocol = authentication(connection);
    ppp->dwAuthenticationData = authentication_data(connection);
    ppp->dwEapTypeId = connection->eap_type;
    if (encrypts(connection)) {
        ppp->dwCcpCompressionAlgorithm = ppp->dwCcpServerCompressionAlgorithm = RASCCPCA_MPPC;
        ppp->dwCcpOptions = ppp->dwCcpServerOptions = RASCCPO_Encryption128bit;
    } else {
        ppp->dwCcpError = ERROR_PROTOCOL_NOT_CONFIGURED;
    }
}

static void describe_ikev2(const struct connection *connection, RASIKEV2_PROJECTION_INFO *ikev2,
                           struct ikev2_addresses *addresses)
{
    BYTE number = connection_number(connection);

    ikev2->dwIPv4NegotiationError = refused(connection, RASNP_Ip);
    if (!ikev2->dwIPv4NegotiationError) {
        ipv4(ikev2->ipv4Address, number);
        ipv4(ikev2->ipv4ServerAddress, SERVER);
        ipv4(addresses->ipv4[0], SERVER);
        ipv4(addresses->ipv4[1], 254);
        ikev2->numIPv4ServerAddresses = 2;
        ikev2->ipv4ServerAddresses = addresses->ipv4;
    }
    ikev2->dwIPv6NegotiationError = refused(connection, RASNP_Ipv6);
    if (!ikev2->dwIPv6NegotiationError) {
        ipv6(ikev2->ipv6Address, number);
        ipv6(ikev2->ipv6ServerAddress, SERVER);
        ikev2->dwPrefixLength = 64;
        ipv6(addresses->ipv6[0], SERVER);
        ikev2->numIPv6ServerAddresses = 1;
        ikev2->ipv6ServerAddresses = addresses->ipv6;
    }
    ikev2->dwAuthenticationProtocol = RASIKEv2_AUTH_EAP;
    ikev2->dwEapTypeId = connection->eap_type ? connection->eap_type : 26; /* MS-CHAPv2 */
    if (connection->mobile)
        ikev2->dwFlags = RASIKEv2_FLAGS_MOBIKESUPPORTED;
    ikev2->dwEncryptionMethod = 3; /* AES-256 */
}

static DWORD get_info_ex(struct sim *engine, HRASCONN handle, RAS_PROJECTION_INFO *info,
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
        describe_ikev2(connection, &info->ikev2, (struct ikev2_addresses *)(info + 1));
    else
        describe_ppp(connection, &info->ppp);
    return ERROR_SUCCESS;
}

DWORD ras_get_projection_info_ex(struct sim *engine, HRASCONN handle, RAS_PROJECTION_INFO *info,
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
