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

SIZE(RASIPADDR, 4, 4);
AT(RASIPADDR, a, 0, 0);
AT(RASIPADDR, b, 1, 1);
AT(RASIPADDR, c, 2, 2);
AT(RASIPADDR, d, 3, 3);

SIZE(RASDEVINFOW, 296, 296);
AT(RASDEVINFOW, dwSize, 0, 0);
AT(RASDEVINFOW, szDeviceType, 4, 4);
AT(RASDEVINFOW, szDeviceName, 38, 38);

SIZE(RASENTRYW, 6724, 6724);
AT(RASENTRYW, dwSize, 0, 0);
AT(RASENTRYW, dwfOptions, 4, 4);
AT(RASENTRYW, dwCountryID, 8, 8);
AT(RASENTRYW, dwCountryCode, 12, 12);
AT(RASENTRYW, szAreaCode, 16, 16);
AT(RASENTRYW, szLocalPhoneNumber, 38, 38);
AT(RASENTRYW, dwAlternateOffset, 296, 296);
AT(RASENTRYW, ipaddr, 300, 300);
AT(RASENTRYW, ipaddrDns, 304, 304);
AT(RASENTRYW, ipaddrDnsAlt, 308, 308);
AT(RASENTRYW, ipaddrWins, 312, 312);
AT(RASENTRYW, ipaddrWinsAlt, 316, 316);
AT(RASENTRYW, dwFrameSize, 320, 320);
AT(RASENTRYW, dwfNetProtocols, 324, 324);
AT(RASENTRYW, dwFramingProtocol, 328, 328);
AT(RASENTRYW, szScript, 332, 332);
AT(RASENTRYW, szAutodialDll, 852, 852);
AT(RASENTRYW, szAutodialFunc, 1372, 1372);
AT(RASENTRYW, szDeviceType, 1892, 1892);
AT(RASENTRYW, szDeviceName, 1926, 1926);
AT(RASENTRYW, szX25PadType, 2184, 2184);
AT(RASENTRYW, szX25Address, 2250, 2250);
AT(RASENTRYW, szX25Facilities, 2652, 2652);
AT(RASENTRYW, szX25UserData, 3054, 3054);
AT(RASENTRYW, dwChannels, 3456, 3456);
AT(RASENTRYW, dwReserved1, 3460, 3460);
AT(RASENTRYW, dwReserved2, 3464, 3464);
AT(RASENTRYW, dwSubEntries, 3468, 3468);
AT(RASENTRYW, dwDialMode, 3472, 3472);
AT(RASENTRYW, dwDialExtraPercent, 3476, 3476);
AT(RASENTRYW, dwDialExtraSampleSeconds, 3480, 3480);
AT(RASENTRYW, dwHangUpExtraPercent, 3484, 3484);
AT(RASENTRYW, dwHangUpExtraSampleSeconds, 3488, 3488);
AT(RASENTRYW, dwIdleDisconnectSeconds, 3492, 3492);
AT(RASENTRYW, dwType, 3496, 3496);
AT(RASENTRYW, dwEncryptionType, 3500, 3500);
AT(RASENTRYW, dwCustomAuthKey, 3504, 3504);
AT(RASENTRYW, guidId, 3508, 3508);
AT(RASENTRYW, szCustomDialDll, 3524, 3524);
AT(RASENTRYW, dwVpnStrategy, 4044, 4044);
AT(RASENTRYW, dwfOptions2, 4048, 4048);
AT(RASENTRYW, dwfOptions3, 4052, 4052);
AT(RASENTRYW, szDnsSuffix, 4056, 4056);
AT(RASENTRYW, dwTcpWindowSize, 4568, 4568);
AT(RASENTRYW, szPrerequisitePbk, 4572, 4572);
AT(RASENTRYW, szPrerequisiteEntry, 5092, 5092);
AT(RASENTRYW, dwRedialCount, 5608, 5608);
AT(RASENTRYW, dwRedialPause, 5612, 5612);
AT(RASENTRYW, ipv6addrDns, 5616, 5616);
AT(RASENTRYW, ipv6addrDnsAlt, 5632, 5632);
AT(RASENTRYW, dwIPv4InterfaceMetric, 5648, 5648);
AT(RASENTRYW, dwIPv6InterfaceMetric, 5652, 5652);
AT(RASENTRYW, ipv6addr, 5656, 5656);
AT(RASENTRYW, dwIPv6PrefixLength, 5672, 5672);
AT(RASENTRYW, dwNetworkOutageTime, 5676, 5676);
AT(RASENTRYW, szIDi, 5680, 5680);
AT(RASENTRYW, szIDr, 6194, 6194);
AT(RASENTRYW, fIsImsConfig, 6708, 6708);
AT(RASENTRYW, IdiType, 6712, 6712);
AT(RASENTRYW, IdrType, 6716, 6716);
AT(RASENTRYW, fDisableIKEv2Fragmentation, 6720, 6720);

SIZE(RASSUBENTRYW, 564, 564);
AT(RASSUBENTRYW, dwSize, 0, 0);
AT(RASSUBENTRYW, dwfFlags, 4, 4);
AT(RASSUBENTRYW, szDeviceType, 8, 8);
AT(RASSUBENTRYW, szDeviceName, 42, 42);
AT(RASSUBENTRYW, szLocalPhoneNumber, 300, 300);
AT(RASSUBENTRYW, dwAlternateOffset, 560, 560);

SIZE(RASCREDENTIALSW, 1068, 1068);
AT(RASCREDENTIALSW, dwSize, 0, 0);
AT(RASCREDENTIALSW, dwMask, 4, 4);
AT(RASCREDENTIALSW, szUserName, 8, 8);
AT(RASCREDENTIALSW, szPassword, 522, 522);
AT(RASCREDENTIALSW, szDomain, 1036, 1036);

SIZE(RAS_STATS, 60, 60);
AT(RAS_STATS, dwSize, 0, 0);
AT(RAS_STATS, dwBytesXmited, 4, 4);
AT(RAS_STATS, dwBytesRcved, 8, 8);
AT(RAS_STATS, dwFramesXmited, 12, 12);
AT(RAS_STATS, dwFramesRcved, 16, 16);
AT(RAS_STATS, dwCrcErr, 20, 20);
AT(RAS_STATS, dwTimeoutErr, 24, 24);
AT(RAS_STATS, dwAlignmentErr, 28, 28);
AT(RAS_STATS, dwHardwareOverrunErr, 32, 32);
AT(RAS_STATS, dwFramingErr, 36, 36);
AT(RAS_STATS, dwBufferOverrunErr, 40, 40);
AT(RAS_STATS, dwCompressionRatioIn, 44, 44);
AT(RAS_STATS, dwCompressionRatioOut, 48, 48);
AT(RAS_STATS, dwBps, 52, 52);
AT(RAS_STATS, dwConnectDuration, 56, 56);

SIZE(RASPPPIPW, 80, 80);
AT(RASPPPIPW, dwSize, 0, 0);
AT(RASPPPIPW, dwError, 4, 4);
AT(RASPPPIPW, szIpAddress, 8, 8);
AT(RASPPPIPW, szServerIpAddress, 40, 40);
AT(RASPPPIPW, dwOptions, 72, 72);
AT(RASPPPIPW, dwServerOptions, 76, 76);

SIZE(RASPPPIPV6, 28, 28);
AT(RASPPPIPV6, dwSize, 0, 0);
AT(RASPPPIPV6, dwError, 4, 4);
AT(RASPPPIPV6, bLocalInterfaceIdentifier, 8, 8);
AT(RASPPPIPV6, bPeerInterfaceIdentifier, 16, 16);
AT(RASPPPIPV6, bLocalCompressionProtocol, 24, 24);
AT(RASPPPIPV6, bPeerCompressionProtocol, 26, 26);

SIZE(RASPPPLCPW, 2104, 2104);
AT(RASPPPLCPW, dwSize, 0, 0);
AT(RASPPPLCPW, fBundled, 4, 4);
AT(RASPPPLCPW, dwError, 8, 8);
AT(RASPPPLCPW, dwAuthenticationProtocol, 12, 12);
AT(RASPPPLCPW, dwAuthenticationData, 16, 16);
AT(RASPPPLCPW, dwEapTypeId, 20, 20);
AT(RASPPPLCPW, dwServerAuthenticationProtocol, 24, 24);
AT(RASPPPLCPW, dwServerAuthenticationData, 28, 28);
AT(RASPPPLCPW, dwServerEapTypeId, 32, 32);
AT(RASPPPLCPW, fMultilink, 36, 36);
AT(RASPPPLCPW, dwTerminateReason, 40, 40);
AT(RASPPPLCPW, dwServerTerminateReason, 44, 44);
AT(RASPPPLCPW, szReplyMessage, 48, 48);
AT(RASPPPLCPW, dwOptions, 2096, 2096);
AT(RASPPPLCPW, dwServerOptions, 2100, 2100);

SIZE(RASPPPCCP, 24, 24);
AT(RASPPPCCP, dwSize, 0, 0);
AT(RASPPPCCP, dwError, 4, 4);
AT(RASPPPCCP, dwCompressionAlgorithm, 8, 8);
AT(RASPPPCCP, dwOptions, 12, 12);
AT(RASPPPCCP, dwServerCompressionAlgorithm, 16, 16);
AT(RASPPPCCP, dwServerOptions, 20, 20);

SIZE(RASPPP_PROJECTION_INFO, 100, 100);
AT(RASPPP_PROJECTION_INFO, dwIPv4NegotiationError, 0, 0);
AT(RASPPP_PROJECTION_INFO, ipv4Address, 4, 4);
AT(RASPPP_PROJECTION_INFO, ipv4ServerAddress, 8, 8);
AT(RASPPP_PROJECTION_INFO, dwIPv4Options, 12, 12);
AT(RASPPP_PROJECTION_INFO, dwIPv4ServerOptions, 16, 16);
AT(RASPPP_PROJECTION_INFO, dwIPv6NegotiationError, 20, 20);
AT(RASPPP_PROJECTION_INFO, bInterfaceIdentifier, 24, 24);
AT(RASPPP_PROJECTION_INFO, bServerInterfaceIdentifier, 32, 32);
AT(RASPPP_PROJECTION_INFO, fBundled, 40, 40);
AT(RASPPP_PROJECTION_INFO, fMultilink, 44, 44);
AT(RASPPP_PROJECTION_INFO, dwAuthenticationProtocol, 48, 48);
AT(RASPPP_PROJECTION_INFO, dwAuthenticationData, 52, 52);
AT(RASPPP_PROJECTION_INFO, dwServerAuthenticationProtocol, 56, 56);
AT(RASPPP_PROJECTION_INFO, dwServerAuthenticationData, 60, 60);
AT(RASPPP_PROJECTION_INFO, dwEapTypeId, 64, 64);
AT(RASPPP_PROJECTION_INFO, dwServerEapTypeId, 68, 68);
AT(RASPPP_PROJECTION_INFO, dwLcpOptions, 72, 72);
AT(RASPPP_PROJECTION_INFO, dwLcpServerOptions, 76, 76);
AT(RASPPP_PROJECTION_INFO, dwCcpError, 80, 80);
AT(RASPPP_PROJECTION_INFO, dwCcpCompressionAlgorithm, 84, 84);
AT(RASPPP_PROJECTION_INFO, dwCcpServerCompressionAlgorithm, 88, 88);
AT(RASPPP_PROJECTION_INFO, dwCcpOptions, 92, 92);
AT(RASPPP_PROJECTION_INFO, dwCcpServerOptions, 96, 96);

SIZE(RASIKEV2_PROJECTION_INFO, 92, 84);
AT(RASIKEV2_PROJECTION_INFO, dwIPv4NegotiationError, 0, 0);
AT(RASIKEV2_PROJECTION_INFO, ipv4Address, 4, 4);
AT(RASIKEV2_PROJECTION_INFO, ipv4ServerAddress, 8, 8);
AT(RASIKEV2_PROJECTION_INFO, dwIPv6NegotiationError, 12, 12);
AT(RASIKEV2_PROJECTION_INFO, ipv6Address, 16, 16);
AT(RASIKEV2_PROJECTION_INFO, ipv6ServerAddress, 32, 32);
AT(RASIKEV2_PROJECTION_INFO, dwPrefixLength, 48, 48);
AT(RASIKEV2_PROJECTION_INFO, dwAuthenticationProtocol, 52, 52);
AT(RASIKEV2_PROJECTION_INFO, dwEapTypeId, 56, 56);
AT(RASIKEV2_PROJECTION_INFO, dwFlags, 60, 60);
AT(RASIKEV2_PROJECTION_INFO, dwEncryptionMethod, 64, 64);
AT(RASIKEV2_PROJECTION_INFO, numIPv4ServerAddresses, 68, 68);
AT(RASIKEV2_PROJECTION_INFO, ipv4ServerAddresses, 72, 72);
AT(RASIKEV2_PROJECTION_INFO, numIPv6ServerAddresses, 80, 76);
AT(RASIKEV2_PROJECTION_INFO, ipv6ServerAddresses, 84, 80);

SIZE(RAS_PROJECTION_INFO, 108, 108);
AT(RAS_PROJECTION_INFO, version, 0, 0);
AT(RAS_PROJECTION_INFO, type, 4, 4);
AT(RAS_PROJECTION_INFO, ppp, 8, 8);
AT(RAS_PROJECTION_INFO, ikev2, 8, 8);

SIZE(RASEAPUSERIDENTITYW, 524, 524);
AT(RASEAPUSERIDENTITYW, szUserName, 0, 0);
AT(RASEAPUSERIDENTITYW, dwSizeofEapInfo, 516, 516);
AT(RASEAPUSERIDENTITYW, pbEapInfo, 520, 520);

SIZE(RASCTRYINFO, 20, 20);
AT(RASCTRYINFO, dwSize, 0, 0);
AT(RASCTRYINFO, dwCountryID, 4, 4);
AT(RASCTRYINFO, dwNextCountryID, 8, 8);
AT(RASCTRYINFO, dwCountryCode, 12, 12);
AT(RASCTRYINFO, dwCountryNameOffset, 16, 16);

SIZE(RASAUTODIALENTRYW, 528, 528);
AT(RASAUTODIALENTRYW, dwSize, 0, 0);
AT(RASAUTODIALENTRYW, dwFlags, 4, 4);
AT(RASAUTODIALENTRYW, dwDialingLocation, 8, 8);
AT(RASAUTODIALENTRYW, szEntry, 12, 12);

SIZE(RASUPDATECONN, 56, 56);
AT(RASUPDATECONN, version, 0, 0);
AT(RASUPDATECONN, dwSize, 4, 4);
AT(RASUPDATECONN, dwFlags, 8, 8);
AT(RASUPDATECONN, dwIfIndex, 12, 12);
AT(RASUPDATECONN, localEndPoint, 16, 16);
AT(RASUPDATECONN, remoteEndPoint, 36, 36);
