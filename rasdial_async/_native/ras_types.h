/* SPDX-License-Identifier: MIT
 *
 * The structures of ras.h as Windows lays them out, on every system: 4-byte
 * packing, 16-bit WCHAR, 32-bit DWORD, pointer-sized HRASCONN. Their sizes and
 * offsets are asserted in ras_layout.c.
 */
#ifndef RASDIAL_ASYNC_RAS_TYPES_H
#define RASDIAL_ASYNC_RAS_TYPES_H

#include <stddef.h>
#include <stdint.h>

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#define RAS_CALL WINAPI
#else
#define RAS_CALL
typedef uint32_t DWORD;
typedef uint32_t UINT;
typedef int32_t BOOL;
typedef uint16_t WCHAR;
typedef uint8_t BYTE;
typedef uintptr_t ULONG_PTR;
typedef struct HWND__ *HWND;
typedef void *HANDLE;
typedef struct {
    uint32_t Data1;
    uint16_t Data2;
    uint16_t Data3;
    uint8_t Data4[8];
} GUID;
typedef struct {
    uint32_t LowPart;
    int32_t HighPart;
} LUID;
#endif

#define RAS_MaxEntryName 256
#define RAS_MaxDeviceName 128
#define RAS_MaxDeviceType 16
#define RAS_MaxPhoneNumber 128
#define RAS_MaxCallbackNumber 128
#define RAS_UNLEN 256
#define RAS_PWLEN 256
#define RAS_DNLEN 15
#define RAS_MAX_PATH 260
#define RAS_MaxAreaCode 10
#define RAS_MaxIpAddress 15
#define RAS_MaxPadType 32
#define RAS_MaxX25Address 200
#define RAS_MaxFacilities 200
#define RAS_MaxUserData 200
#define RAS_MaxDnsSuffix 256
#define RAS_MaxIDSize 256
#define RAS_MaxReplyMessage 1024

#define RAS_WM_RASDIALEVENT 0xCCCDu
#define RAS_NOTIFIER_FUNC 0u
#define RAS_NOTIFIER_FUNC1 1u
#define RAS_NOTIFIER_FUNC2 2u
#define RAS_NOTIFIER_WINDOW 0xFFFFFFFFu

#define RASCS_OpenPort 0u
#define RASCS_PortOpened 1u
#define RASCS_ConnectDevice 2u
#define RASCS_DeviceConnected 3u
#define RASCS_AllDevicesConnected 4u
#define RASCS_PAUSED 0x1000u
#define RASCS_DONE 0x2000u
#define RASCS_Connected 0x2000u
#define RASCS_Disconnected 0x2001u
#define RASCS_AuthNotify 6u
#define RASCS_AuthRetry 7u
#define RASCS_AuthCallback 8u
#define RASCS_AuthChangePassword 9u
#define RASCS_ReAuthenticate 13u
#define RASCS_PrepareForCallback 15u
#define RASCS_WaitForModemReset 16u
#define RASCS_WaitForCallback 17u
#define RASCS_Projected 18u
#define RASCS_SubEntryConnected 22u
#define RASCS_SubEntryDisconnected 23u
#define RASCS_Interactive 0x1000u
#define RASCS_RetryAuthentication 0x1001u
#define RASCS_CallbackSetByCaller 0x1002u
#define RASCS_PasswordExpired 0x1003u
#define RASCS_InvokeEapUI 0x1004u

#define RASCSS_Dormant 1u
#define RASCSS_Reconnecting 2u
#define RASCSS_Reconnected 0x2000u

#define RDEOPT_PausedStates 0x2u

#define RASCN_Connection 0x1u
#define RASCN_Disconnection 0x2u
#define RASCN_BandwidthAdded 0x4u
#define RASCN_BandwidthRemoved 0x8u
#define RASCN_Dormant 0x10u
#define RASCN_ReConnection 0x20u

#define RASP_PppIp 0x8021u
#define RASP_PppIpv6 0x8057u
#define RASP_PppCcp 0x80FDu
#define RASP_PppLcp 0xC021u
#define RASLCPAP_PAP 0xC023u
#define RASLCPAP_CHAP 0xC223u
#define RASLCPAP_EAP 0xC227u
#define RASLCPAD_CHAP_MD5 5u
#define RASLCPAD_CHAP_MSV2 0x81u
#define RASCCPCA_MPPC 6u
#define RASCCPO_Encryption128bit 0x40u
#define RASAPIVERSION_601 4u
#define PROJECTION_INFO_TYPE_PPP 1u
#define PROJECTION_INFO_TYPE_IKEv2 2u
#define RASIKEv2_AUTH_EAP 2u
#define RASIKEv2_FLAGS_MOBIKESUPPORTED 1u

#define RASCM_UserName 0x1u
#define RASCM_Password 0x2u
#define RASCM_Domain 0x4u
#define RASCM_DefaultCreds 0x8u
#define RASCM_PreSharedKey 0x10u
#define RASCM_ServerPreSharedKey 0x20u
#define RASCM_DDMPreSharedKey 0x40u

#define RASEO_SpecificIpAddr 0x2u
#define RASEO_SpecificNameServers 0x4u
#define RASEO_IpHeaderCompression 0x8u
#define RASEO_RemoteDefaultGateway 0x10u
#define RASEO_SwCompression 0x200u
#define RASEO_UseLogonCredentials 0x4000u
#define RASEO_RequireEAP 0x20000u
#define RASEO_RequirePAP 0x40000u
#define RASEO_RequireSPAP 0x80000u
#define RASEO_RequireCHAP 0x8000000u
#define RASEO_RequireMsCHAP 0x10000000u
#define RASEO_RequireMsCHAP2 0x20000000u
#define RASEO2_ReconnectIfDropped 0x100u
#define RASEO2_IPv6RemoteDefaultGateway 0x2000u
#define RASEO2_DisableMobility 0x200000u
#define RASET_Phone 1u
#define RASET_Vpn 2u
#define RASET_Broadband 5u
#define RASNP_Ip 4u
#define RASNP_Ipv6 8u
#define RASFP_Ppp 1u
#define RASIDS_Disabled 0xFFFFFFFFu
#define ET_None 0u
#define ET_Require 1u
#define ET_Optional 3u
#define RASEDM_DialAll 1u
#define RASEDM_DialAsNeeded 2u
#define VS_PptpOnly 1u
#define VS_PptpFirst 2u
#define VS_L2tpOnly 3u
#define VS_L2tpFirst 4u
#define VS_SstpOnly 5u
#define VS_SstpFirst 6u
#define VS_Ikev2Only 7u
#define REN_AllUsers 1u

#define RASEAPF_NonInteractive 0x2u
#define RASEAPF_Preview 0x8u

#pragma pack(push, 4)

/* cdef: from here */
typedef struct HRASCONN__ *HRASCONN;

typedef struct {
    DWORD dwSize;
    WCHAR szEntryName[RAS_MaxEntryName + 1];
    WCHAR szPhoneNumber[RAS_MaxPhoneNumber + 1];
    WCHAR szCallbackNumber[RAS_MaxCallbackNumber + 1];
    WCHAR szUserName[RAS_UNLEN + 1];
    WCHAR szPassword[RAS_PWLEN + 1];
    WCHAR szDomain[RAS_DNLEN + 1];
    DWORD dwSubEntry;       /* from WINVER 0x0401 */
    ULONG_PTR dwCallbackId;
    DWORD dwIfIndex;        /* from 0x0601 */
    WCHAR *szEncPassword;   /* from 0x0602; undocumented, stays null */
} RASDIALPARAMSW;

typedef struct {
    DWORD dwSizeofEapInfo;
    BYTE *pbEapInfo;
} RASEAPINFO;

typedef struct {
    DWORD dwSize;
    BYTE *pbDevSpecificInfo;
} RASDEVSPECIFICINFO;

typedef struct {
    DWORD dwSize;
    DWORD dwfOptions;
    HWND hwndParent;
    ULONG_PTR reserved;
    ULONG_PTR reserved1;    /* from 0x0500 */
    RASEAPINFO RasEapInfo;
    BOOL fSkipPppAuth;      /* from 0x0601 */
    RASDEVSPECIFICINFO RasDevSpecificInfo;
} RASDIALEXTENSIONS;

typedef struct {
    DWORD dwSize;
    HRASCONN hrasconn;
    WCHAR szEntryName[RAS_MaxEntryName + 1];
    WCHAR szDeviceType[RAS_MaxDeviceType + 1]; /* from 0x0401 */
    WCHAR szDeviceName[RAS_MaxDeviceName + 1];
    WCHAR szPhonebook[RAS_MAX_PATH];           /* from 0x0401 */
    DWORD dwSubEntry;
    GUID guidEntry;                            /* from 0x0500 */
    DWORD dwFlags;                             /* from 0x0501 */
    LUID luid;
    GUID guidCorrelationId;                    /* from 0x0600 */
} RASCONNW;

typedef struct {
    DWORD dwType; /* 0 unknown, 1 IPv4, 2 IPv6 */
    union {
        BYTE ipv4[4];
        BYTE ipv6[16];
    };
} RASTUNNELENDPOINT;

typedef struct {
    DWORD dwSize;
    DWORD rasconnstate;
    DWORD dwError;
    WCHAR szDeviceType[RAS_MaxDeviceType + 1];
    WCHAR szDeviceName[RAS_MaxDeviceName + 1];
    WCHAR szPhoneNumber[RAS_MaxPhoneNumber + 1]; /* from 0x0401 */
    RASTUNNELENDPOINT localEndPoint;             /* from 0x0601 */
    RASTUNNELENDPOINT remoteEndPoint;
    DWORD rasconnsubstate;
} RASCONNSTATUSW;

typedef struct {
    DWORD dwSize;
    WCHAR szEntryName[RAS_MaxEntryName + 1];
    DWORD dwFlags;                           /* from 0x0500 */
    WCHAR szPhonebookPath[RAS_MAX_PATH + 1];
} RASENTRYNAMEW;

typedef struct {
    BYTE a, b, c, d;
} RASIPADDR;

typedef struct {
    DWORD dwSize;
    WCHAR szDeviceType[RAS_MaxDeviceType + 1];
    WCHAR szDeviceName[RAS_MaxDeviceName + 1];
} RASDEVINFOW;

typedef struct {
    DWORD dwSize;
    DWORD dwfOptions;
    DWORD dwCountryID;
    DWORD dwCountryCode;
    WCHAR szAreaCode[RAS_MaxAreaCode + 1];
    WCHAR szLocalPhoneNumber[RAS_MaxPhoneNumber + 1];
    DWORD dwAlternateOffset;
    RASIPADDR ipaddr;
    RASIPADDR ipaddrDns;
    RASIPADDR ipaddrDnsAlt;
    RASIPADDR ipaddrWins;
    RASIPADDR ipaddrWinsAlt;
    DWORD dwFrameSize;
    DWORD dwfNetProtocols;
    DWORD dwFramingProtocol;
    WCHAR szScript[RAS_MAX_PATH];
    WCHAR szAutodialDll[RAS_MAX_PATH];
    WCHAR szAutodialFunc[RAS_MAX_PATH];
    WCHAR szDeviceType[RAS_MaxDeviceType + 1];
    WCHAR szDeviceName[RAS_MaxDeviceName + 1];
    WCHAR szX25PadType[RAS_MaxPadType + 1];
    WCHAR szX25Address[RAS_MaxX25Address + 1];
    WCHAR szX25Facilities[RAS_MaxFacilities + 1];
    WCHAR szX25UserData[RAS_MaxUserData + 1];
    DWORD dwChannels;
    DWORD dwReserved1;
    DWORD dwReserved2;
    DWORD dwSubEntries; /* from 0x0401 */
    DWORD dwDialMode;
    DWORD dwDialExtraPercent;
    DWORD dwDialExtraSampleSeconds;
    DWORD dwHangUpExtraPercent;
    DWORD dwHangUpExtraSampleSeconds;
    DWORD dwIdleDisconnectSeconds;
    DWORD dwType; /* from 0x0500 */
    DWORD dwEncryptionType;
    DWORD dwCustomAuthKey;
    GUID guidId;
    WCHAR szCustomDialDll[RAS_MAX_PATH];
    DWORD dwVpnStrategy;
    DWORD dwfOptions2; /* from 0x0501 */
    DWORD dwfOptions3;
    WCHAR szDnsSuffix[RAS_MaxDnsSuffix];
    DWORD dwTcpWindowSize;
    WCHAR szPrerequisitePbk[RAS_MAX_PATH];
    WCHAR szPrerequisiteEntry[RAS_MaxEntryName + 1];
    DWORD dwRedialCount;
    DWORD dwRedialPause;
    BYTE ipv6addrDns[16]; /* from 0x0600 */
    BYTE ipv6addrDnsAlt[16];
    DWORD dwIPv4InterfaceMetric;
    DWORD dwIPv6InterfaceMetric;
    BYTE ipv6addr[16]; /* from 0x0601 */
    DWORD dwIPv6PrefixLength;
    DWORD dwNetworkOutageTime;
    WCHAR szIDi[RAS_MaxIDSize + 1]; /* from 0x0A00 */
    WCHAR szIDr[RAS_MaxIDSize + 1];
    BOOL fIsImsConfig;
    DWORD IdiType;
    DWORD IdrType;
    BOOL fDisableIKEv2Fragmentation;
} RASENTRYW;

typedef struct {
    DWORD dwSize;
    DWORD dwfFlags;
    WCHAR szDeviceType[RAS_MaxDeviceType + 1];
    WCHAR szDeviceName[RAS_MaxDeviceName + 1];
    WCHAR szLocalPhoneNumber[RAS_MaxPhoneNumber + 1];
    DWORD dwAlternateOffset;
} RASSUBENTRYW;

typedef struct {
    DWORD dwSize;
    DWORD dwMask;
    WCHAR szUserName[RAS_UNLEN + 1];
    WCHAR szPassword[RAS_PWLEN + 1];
    WCHAR szDomain[RAS_DNLEN + 1];
} RASCREDENTIALSW;

typedef struct {
    DWORD dwSize;
    DWORD dwBytesXmited;
    DWORD dwBytesRcved;
    DWORD dwFramesXmited;
    DWORD dwFramesRcved;
    DWORD dwCrcErr;
    DWORD dwTimeoutErr;
    DWORD dwAlignmentErr;
    DWORD dwHardwareOverrunErr;
    DWORD dwFramingErr;
    DWORD dwBufferOverrunErr;
    DWORD dwCompressionRatioIn;
    DWORD dwCompressionRatioOut;
    DWORD dwBps;
    DWORD dwConnectDuration;
} RAS_STATS;

typedef struct {
    DWORD dwSize;
    DWORD dwError;
    WCHAR szIpAddress[RAS_MaxIpAddress + 1];
    WCHAR szServerIpAddress[RAS_MaxIpAddress + 1];
    DWORD dwOptions; /* from 0x0500 */
    DWORD dwServerOptions;
} RASPPPIPW;

typedef struct {
    DWORD dwSize;
    DWORD dwError;
    BYTE bLocalInterfaceIdentifier[8];
    BYTE bPeerInterfaceIdentifier[8];
    BYTE bLocalCompressionProtocol[2];
    BYTE bPeerCompressionProtocol[2];
} RASPPPIPV6;

typedef struct {
    DWORD dwSize;
    BOOL fBundled;
    DWORD dwError; /* from 0x0500 */
    DWORD dwAuthenticationProtocol;
    DWORD dwAuthenticationData;
    DWORD dwEapTypeId;
    DWORD dwServerAuthenticationProtocol;
    DWORD dwServerAuthenticationData;
    DWORD dwServerEapTypeId;
    BOOL fMultilink;
    DWORD dwTerminateReason;
    DWORD dwServerTerminateReason;
    WCHAR szReplyMessage[RAS_MaxReplyMessage];
    DWORD dwOptions;
    DWORD dwServerOptions;
} RASPPPLCPW;

typedef struct {
    DWORD dwSize;
    DWORD dwError;
    DWORD dwCompressionAlgorithm;
    DWORD dwOptions;
    DWORD dwServerCompressionAlgorithm;
    DWORD dwServerOptions;
} RASPPPCCP;

typedef struct {
    DWORD dwIPv4NegotiationError;
    BYTE ipv4Address[4];
    BYTE ipv4ServerAddress[4];
    DWORD dwIPv4Options;
    DWORD dwIPv4ServerOptions;
    DWORD dwIPv6NegotiationError;
    BYTE bInterfaceIdentifier[8];
    BYTE bServerInterfaceIdentifier[8];
    BOOL fBundled;
    BOOL fMultilink;
    DWORD dwAuthenticationProtocol;
    DWORD dwAuthenticationData;
    DWORD dwServerAuthenticationProtocol;
    DWORD dwServerAuthenticationData;
    DWORD dwEapTypeId;
    DWORD dwServerEapTypeId;
    DWORD dwLcpOptions;
    DWORD dwLcpServerOptions;
    DWORD dwCcpError;
    DWORD dwCcpCompressionAlgorithm;
    DWORD dwCcpServerCompressionAlgorithm;
    DWORD dwCcpOptions;
    DWORD dwCcpServerOptions;
} RASPPP_PROJECTION_INFO;

typedef struct {
    DWORD dwIPv4NegotiationError;
    BYTE ipv4Address[4];
    BYTE ipv4ServerAddress[4];
    DWORD dwIPv6NegotiationError;
    BYTE ipv6Address[16];
    BYTE ipv6ServerAddress[16];
    DWORD dwPrefixLength;
    DWORD dwAuthenticationProtocol;
    DWORD dwEapTypeId;
    DWORD dwFlags;
    DWORD dwEncryptionMethod;
    DWORD numIPv4ServerAddresses;
    BYTE (*ipv4ServerAddresses)[4];
    DWORD numIPv6ServerAddresses;
    BYTE (*ipv6ServerAddresses)[16];
} RASIKEV2_PROJECTION_INFO;

typedef struct {
    DWORD version;
    DWORD type;
    union {
        RASPPP_PROJECTION_INFO ppp;
        RASIKEV2_PROJECTION_INFO ikev2;
    };
} RAS_PROJECTION_INFO;

typedef struct {
    WCHAR szUserName[RAS_UNLEN + 1];
    DWORD dwSizeofEapInfo;
    BYTE pbEapInfo[1]; /* dwSizeofEapInfo of them */
} RASEAPUSERIDENTITYW;

typedef struct {
    DWORD dwSize;
    DWORD dwCountryID;
    DWORD dwNextCountryID;
    DWORD dwCountryCode;
    DWORD dwCountryNameOffset;
} RASCTRYINFO;

typedef struct {
    DWORD dwSize;
    DWORD dwFlags;
    DWORD dwDialingLocation;
    WCHAR szEntry[RAS_MaxEntryName + 1];
} RASAUTODIALENTRYW;

typedef struct {
    DWORD version;
    DWORD dwSize;
    DWORD dwFlags;
    DWORD dwIfIndex;
    RASTUNNELENDPOINT localEndPoint;
    RASTUNNELENDPOINT remoteEndPoint;
} RASUPDATECONN;
/* cdef: to here */
#pragma pack(pop)

typedef void(RAS_CALL *RASDIALFUNC)(UINT message, DWORD state, DWORD error);
typedef void(RAS_CALL *RASDIALFUNC1)(HRASCONN connection, UINT message, DWORD state, DWORD error,
                                     DWORD extended_error);
typedef DWORD(RAS_CALL *RASDIALFUNC2)(ULONG_PTR callback_id, DWORD sub_entry, HRASCONN connection,
                                      UINT message, DWORD state, DWORD error,
                                      DWORD extended_error);

#endif
