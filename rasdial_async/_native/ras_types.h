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

#define RAS_WM_RASDIALEVENT 0xCCCDu
#define RAS_NOTIFIER_FUNC 0u
#define RAS_NOTIFIER_FUNC1 1u
#define RAS_NOTIFIER_FUNC2 2u

#define RASCS_ConnectDevice 2u
#define RASCS_DeviceConnected 3u
#define RASCS_PAUSED 0x1000u
#define RASCS_DONE 0x2000u
#define RASCS_Connected 0x2000u
#define RASCS_Disconnected 0x2001u

#pragma pack(push, 4)

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

#pragma pack(pop)

typedef void(RAS_CALL *RASDIALFUNC)(UINT message, DWORD state, DWORD error);
typedef void(RAS_CALL *RASDIALFUNC1)(HRASCONN connection, UINT message, DWORD state, DWORD error,
                                     DWORD extended_error);
typedef DWORD(RAS_CALL *RASDIALFUNC2)(ULONG_PTR callback_id, DWORD sub_entry, HRASCONN connection,
                                      UINT message, DWORD state, DWORD error,
                                      DWORD extended_error);

#endif
