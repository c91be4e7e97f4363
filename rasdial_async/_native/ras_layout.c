/* SPDX-License-Identifier: MIT
 *
 * The layout of every structure in ras_types.h, held against Microsoft's header as it compiles
 * for 64-bit and for 32-bit (tests/data/abi.json; a test compares this file with it).
 */
#include "ras_types.h"

#if UINTPTR_MAX > 0xFFFFFFFFu
#define ON(wide, narrow) (wide)
#else
#define ON(wide, narrow) (narrow)
#endif
#define SIZE(type, wide, narrow) \
    _Static_assert(sizeof(type) == ON(wide, narrow), "size of " #type)
#define AT(type, field, wide, narrow) \
    _Static_assert(offsetof(type, field) == ON(wide, narrow), "offset of " #type "." #field)

_Static_assert(sizeof(WCHAR) == 2 && sizeof(DWORD) == 4, "Windows' own types");
_Static_assert(sizeof(HRASCONN) == sizeof(void *), "HRASCONN is a pointer");

SIZE(RASDIALPARAMSW, 2120, 2112);
AT(RASDIALPARAMSW, dwSize, 0, 0);
AT(RASDIALPARAMSW, szEntryName, 4, 4);
AT(RASDIALPARAMSW, szPhoneNumber, 518, 518);
AT(RASDIALPARAMSW, szCallbackNumber, 776, 776);
AT(RASDIALPARAMSW, szUserName, 1034, 1034);
AT(RASDIALPARAMSW, szPassword, 1548, 1548);
AT(RASDIALPARAMSW, szDomain, 2062, 2062);
AT(RASDIALPARAMSW, dwSubEntry, 2096, 2096);
AT(RASDIALPARAMSW, dwCallbackId, 2100, 2100);
AT(RASDIALPARAMSW, dwIfIndex, 2108, 2104);
AT(RASDIALPARAMSW, szEncPassword, 2112, 2108);

SIZE(RASEAPINFO, 12, 8);
AT(RASEAPINFO, dwSizeofEapInfo, 0, 0);
AT(RASEAPINFO, pbEapInfo, 4, 4);

SIZE(RASDEVSPECIFICINFO, 12, 8);
AT(RASDEVSPECIFICINFO, dwSize, 0, 0);
AT(RASDEVSPECIFICINFO, pbDevSpecificInfo, 4, 4);

SIZE(RASDIALEXTENSIONS, 60, 40);
AT(RASDIALEXTENSIONS, dwSize, 0, 0);
AT(RASDIALEXTENSIONS, dwfOptions, 4, 4);
AT(RASDIALEXTENSIONS, hwndParent, 8, 8);
AT(RASDIALEXTENSIONS, reserved, 16, 12);
AT(RASDIALEXTENSIONS, reserved1, 24, 16);
AT(RASDIALEXTENSIONS, RasEapInfo, 32, 20);
AT(RASDIALEXTENSIONS, fSkipPppAuth, 44, 28);
AT(RASDIALEXTENSIONS, RasDevSpecificInfo, 48, 32);

SIZE(RASCONNW, 1388, 1384);
AT(RASCONNW, dwSize, 0, 0);
AT(RASCONNW, hrasconn, 4, 4);
AT(RASCONNW, szEntryName, 12, 8);
AT(RASCONNW, szDeviceType, 526, 522);
AT(RASCONNW, szDeviceName, 560, 556);
AT(RASCONNW, szPhonebook, 818, 814);
AT(RASCONNW, dwSubEntry, 1340, 1336);
AT(RASCONNW, guidEntry, 1344, 1340);
AT(RASCONNW, dwFlags, 1360, 1356);
AT(RASCONNW, luid, 1364, 1360);
AT(RASCONNW, guidCorrelationId, 1372, 1368);

SIZE(RASTUNNELENDPOINT, 20, 20);
AT(RASTUNNELENDPOINT, dwType, 0, 0);
AT(RASTUNNELENDPOINT, ipv4, 4, 4);
AT(RASTUNNELENDPOINT, ipv6, 4, 4);

SIZE(RASCONNSTATUSW, 608, 608);
AT(RASCONNSTATUSW, dwSize, 0, 0);
AT(RASCONNSTATUSW, rasconnstate, 4, 4);
AT(RASCONNSTATUSW, dwError, 8, 8);
AT(RASCONNSTATUSW, szDeviceType, 12, 12);
AT(RASCONNSTATUSW, szDeviceName, 46, 46);
AT(RASCONNSTATUSW, szPhoneNumber, 304, 304);
AT(RASCONNSTATUSW, localEndPoint, 564, 564);
AT(RASCONNSTATUSW, remoteEndPoint, 584, 584);
AT(RASCONNSTATUSW, rasconnsubstate, 604, 604);

SIZE(RASENTRYNAMEW, 1048, 1048);
AT(RASENTRYNAMEW, dwSize, 0, 0);
AT(RASENTRYNAMEW, szEntryName, 4, 4);
AT(RASENTRYNAMEW, dwFlags, 520, 520);
AT(RASENTRYNAMEW, szPhonebookPath, 524, 524);
