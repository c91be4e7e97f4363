/* The contract between C and Python, read by build_ffi.py for ffi.cdef(). "..." leaves the layout to
 * the C compiler, which knows it from ras_types.h and asserts it in ras_layout.c. */

typedef int... DWORD; /* unsigned long on Windows, uint32_t elsewhere */
typedef int... UINT;
typedef char16_t WCHAR;
typedef uint8_t BYTE;
typedef uintptr_t ULONG_PTR;
typedef struct HRASCONN__ *HRASCONN;
typedef struct HWND__ *HWND;
typedef void *HANDLE;

typedef struct {
    uint32_t Data1;
    uint16_t Data2;
    uint16_t Data3;
    uint8_t Data4[8];
    ...;
} GUID;
typedef struct {
    uint32_t LowPart;
    int32_t HighPart;
    ...;
} LUID;

typedef struct {
    DWORD dwSize;
    WCHAR szEntryName[257];
    WCHAR szPhoneNumber[129];
    WCHAR szCallbackNumber[129];
    WCHAR szUserName[257];
    WCHAR szPassword[257];
    WCHAR szDomain[16];
    DWORD dwSubEntry;
    ULONG_PTR dwCallbackId;
    DWORD dwIfIndex;
    WCHAR *szEncPassword;
    ...;
} RASDIALPARAMSW;

typedef struct {
    DWORD dwSizeofEapInfo;
    BYTE *pbEapInfo;
    ...;
} RASEAPINFO;

typedef struct {
    DWORD dwSize;
    BYTE *pbDevSpecificInfo;
    ...;
} RASDEVSPECIFICINFO;

typedef struct {
    DWORD dwSize;
    DWORD dwfOptions;
    HWND hwndParent;
    ULONG_PTR reserved1;
    RASEAPINFO RasEapInfo;
    int32_t fSkipPppAuth;
    RASDEVSPECIFICINFO RasDevSpecificInfo;
    ...;
} RASDIALEXTENSIONS;

typedef struct {
    DWORD dwSize;
    HRASCONN hrasconn;
    WCHAR szEntryName[257];
    WCHAR szDeviceType[17];
    WCHAR szDeviceName[129];
    WCHAR szPhonebook[260];
    DWORD dwSubEntry;
    GUID guidEntry;
    DWORD dwFlags;
    LUID luid;
    GUID guidCorrelationId;
    ...;
} RASCONNW;

typedef struct {
    DWORD dwType;
    BYTE ipv4[4];
    BYTE ipv6[16];
    ...;
} RASTUNNELENDPOINT;

typedef struct {
    DWORD dwSize;
    DWORD rasconnstate;
    DWORD dwError;
    WCHAR szDeviceType[17];
    WCHAR szDeviceName[129];
    WCHAR szPhoneNumber[129];
    RASTUNNELENDPOINT localEndPoint;
    RASTUNNELENDPOINT remoteEndPoint;
    DWORD rasconnsubstate;
    ...;
} RASCONNSTATUSW;

typedef struct {
    DWORD dwSize;
    WCHAR szEntryName[257];
    DWORD dwFlags;
    WCHAR szPhonebookPath[261];
    ...;
} RASENTRYNAMEW;

typedef struct {
    BYTE a, b, c, d;
    ...;
} RASIPADDR;

typedef struct {
    DWORD dwSize;
    WCHAR szDeviceType[17];
    WCHAR szDeviceName[129];
    ...;
} RASDEVINFOW;

typedef struct {
    DWORD dwSize;
    DWORD dwfOptions;
    DWORD dwCountryID;
    DWORD dwCountryCode;
    WCHAR szAreaCode[11];
    WCHAR szLocalPhoneNumber[129];
    DWORD dwAlternateOffset;
    RASIPADDR ipaddr;
    RASIPADDR ipaddrDns;
    RASIPADDR ipaddrDnsAlt;
    RASIPADDR ipaddrWins;
    RASIPADDR ipaddrWinsAlt;
    DWORD dwFrameSize;
    DWORD dwfNetProtocols;
    DWORD dwFramingProtocol;
    WCHAR szScript[260];
    WCHAR szAutodialDll[260];
    WCHAR szAutodialFunc[260];
    WCHAR szDeviceType[17];
    WCHAR szDeviceName[129];
    WCHAR szX25PadType[33];
    WCHAR szX25Address[201];
    WCHAR szX25Facilities[201];
    WCHAR szX25UserData[201];
    DWORD dwChannels;
    DWORD dwReserved1;
    DWORD dwReserved2;
    DWORD dwSubEntries;
    DWORD dwDialMode;
    DWORD dwDialExtraPercent;
    DWORD dwDialExtraSampleSeconds;
    DWORD dwHangUpExtraPercent;
    DWORD dwHangUpExtraSampleSeconds;
    DWORD dwIdleDisconnectSeconds;
    DWORD dwType;
    DWORD dwEncryptionType;
    DWORD dwCustomAuthKey;
    GUID guidId;
    WCHAR szCustomDialDll[260];
    DWORD dwVpnStrategy;
    DWORD dwfOptions2;
    DWORD dwfOptions3;
    WCHAR szDnsSuffix[256];
    DWORD dwTcpWindowSize;
    WCHAR szPrerequisitePbk[260];
    WCHAR szPrerequisiteEntry[257];
    DWORD dwRedialCount;
    DWORD dwRedialPause;
    BYTE ipv6addrDns[16];
    BYTE ipv6addrDnsAlt[16];
    DWORD dwIPv4InterfaceMetric;
    DWORD dwIPv6InterfaceMetric;
    BYTE ipv6addr[16];
    DWORD dwIPv6PrefixLength;
    DWORD dwNetworkOutageTime;
    WCHAR szIDi[257];
    WCHAR szIDr[257];
    int32_t fIsImsConfig;
    DWORD IdiType;
    DWORD IdrType;
    int32_t fDisableIKEv2Fragmentation;
    ...;
} RASENTRYW;

typedef struct {
    DWORD dwSize;
    DWORD dwfFlags;
    WCHAR szDeviceType[17];
    WCHAR szDeviceName[129];
    WCHAR szLocalPhoneNumber[129];
    DWORD dwAlternateOffset;
    ...;
} RASSUBENTRYW;

typedef struct {
    DWORD dwSize;
    DWORD dwMask;
    WCHAR szUserName[257];
    WCHAR szPassword[257];
    WCHAR szDomain[16];
    ...;
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
    ...;
} RAS_STATS;

typedef struct {
    DWORD dwSize;
    DWORD dwError;
    WCHAR szIpAddress[16];
    WCHAR szServerIpAddress[16];
    DWORD dwOptions;
    DWORD dwServerOptions;
    ...;
} RASPPPIPW;

typedef struct {
    DWORD dwSize;
    DWORD dwError;
    BYTE bLocalInterfaceIdentifier[8];
    BYTE bPeerInterfaceIdentifier[8];
    BYTE bLocalCompressionProtocol[2];
    BYTE bPeerCompressionProtocol[2];
    ...;
} RASPPPIPV6;

typedef struct {
    DWORD dwSize;
    int32_t fBundled;
    DWORD dwError;
    DWORD dwAuthenticationProtocol;
    DWORD dwAuthenticationData;
    DWORD dwEapTypeId;
    DWORD dwServerAuthenticationProtocol;
    DWORD dwServerAuthenticationData;
    DWORD dwServerEapTypeId;
    int32_t fMultilink;
    DWORD dwTerminateReason;
    DWORD dwServerTerminateReason;
    WCHAR szReplyMessage[1024];
    DWORD dwOptions;
    DWORD dwServerOptions;
    ...;
} RASPPPLCPW;

typedef struct {
    DWORD dwSize;
    DWORD dwError;
    DWORD dwCompressionAlgorithm;
    DWORD dwOptions;
    DWORD dwServerCompressionAlgorithm;
    DWORD dwServerOptions;
    ...;
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
    int32_t fBundled;
    int32_t fMultilink;
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
    ...;
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
    ...;
} RASIKEV2_PROJECTION_INFO;

typedef struct {
    DWORD version;
    DWORD type;
    RASPPP_PROJECTION_INFO ppp;
    RASIKEV2_PROJECTION_INFO ikev2;
    ...;
} RAS_PROJECTION_INFO;

typedef struct {
    WCHAR szUserName[257];
    DWORD dwSizeofEapInfo;
    BYTE pbEapInfo[];
    ...;
} RASEAPUSERIDENTITYW;

typedef struct {
    DWORD dwSize;
    DWORD dwCountryID;
    DWORD dwNextCountryID;
    DWORD dwCountryCode;
    DWORD dwCountryNameOffset;
    ...;
} RASCTRYINFO;

typedef struct {
    DWORD dwSize;
    DWORD dwFlags;
    DWORD dwDialingLocation;
    WCHAR szEntry[257];
    ...;
} RASAUTODIALENTRYW;

typedef struct {
    DWORD version;
    DWORD dwSize;
    DWORD dwFlags;
    DWORD dwIfIndex;
    RASTUNNELENDPOINT localEndPoint;
    RASTUNNELENDPOINT remoteEndPoint;
    ...;
} RASUPDATECONN;

struct ras_api {
    DWORD(__stdcall *RasDialW)(RASDIALEXTENSIONS *, const WCHAR *, RASDIALPARAMSW *, DWORD, void *,
                               HRASCONN *);
    DWORD(__stdcall *RasHangUpW)(HRASCONN);
    DWORD(__stdcall *RasGetConnectStatusW)(HRASCONN, RASCONNSTATUSW *);
    DWORD(__stdcall *RasEnumConnectionsW)(RASCONNW *, DWORD *, DWORD *);
    DWORD(__stdcall *RasEnumEntriesW)(const WCHAR *, const WCHAR *, RASENTRYNAMEW *, DWORD *, DWORD *);
    DWORD(__stdcall *RasGetErrorStringW)(UINT, WCHAR *, DWORD);
    DWORD(__stdcall *RasEnumDevicesW)(RASDEVINFOW *, DWORD *, DWORD *);
    DWORD(__stdcall *RasGetConnectionStatistics)(HRASCONN, RAS_STATS *);
    DWORD(__stdcall *RasGetLinkStatistics)(HRASCONN, DWORD, RAS_STATS *);
    DWORD(__stdcall *RasClearConnectionStatistics)(HRASCONN);
    DWORD(__stdcall *RasClearLinkStatistics)(HRASCONN, DWORD);
    DWORD(__stdcall *RasGetProjectionInfoW)(HRASCONN, DWORD, void *, DWORD *);
    DWORD(__stdcall *RasGetProjectionInfoEx)(HRASCONN, RAS_PROJECTION_INFO *, DWORD *);
    DWORD(__stdcall *RasConnectionNotificationW)(HRASCONN, HANDLE, DWORD);
    DWORD(__stdcall *RasGetSubEntryHandleW)(HRASCONN, DWORD, HRASCONN *);
    DWORD(__stdcall *RasGetEntryDialParamsW)(const WCHAR *, RASDIALPARAMSW *, int32_t *);
    DWORD(__stdcall *RasSetEntryDialParamsW)(const WCHAR *, RASDIALPARAMSW *, int32_t);
    DWORD(__stdcall *RasGetCredentialsW)(const WCHAR *, const WCHAR *, RASCREDENTIALSW *);
    DWORD(__stdcall *RasSetCredentialsW)(const WCHAR *, const WCHAR *, RASCREDENTIALSW *, int32_t);
    DWORD(__stdcall *RasGetEntryPropertiesW)(const WCHAR *, const WCHAR *, RASENTRYW *, DWORD *, BYTE *, DWORD
        *);
    DWORD(__stdcall *RasSetEntryPropertiesW)(const WCHAR *, const WCHAR *, RASENTRYW *, DWORD, BYTE *, DWORD);
    DWORD(__stdcall *RasDeleteEntryW)(const WCHAR *, const WCHAR *);
    DWORD(__stdcall *RasRenameEntryW)(const WCHAR *, const WCHAR *, const WCHAR *);
    DWORD(__stdcall *RasValidateEntryNameW)(const WCHAR *, const WCHAR *);
    DWORD(__stdcall *RasGetSubEntryPropertiesW)(const WCHAR *, const WCHAR *, DWORD, RASSUBENTRYW *, DWORD *,
        BYTE *, DWORD *);
    DWORD(__stdcall *RasSetSubEntryPropertiesW)(const WCHAR *, const WCHAR *, DWORD, RASSUBENTRYW *, DWORD,
        BYTE *, DWORD);
    DWORD(__stdcall *RasDeleteSubEntryW)(const WCHAR *, const WCHAR *, DWORD);
    DWORD(__stdcall *RasInvokeEapUI)(HRASCONN, DWORD, RASDIALEXTENSIONS *, HWND);
    DWORD(__stdcall *RasGetEapUserIdentityW)(const WCHAR *, const WCHAR *, DWORD, HWND, RASEAPUSERIDENTITYW
        **);
    DWORD(__stdcall *RasGetEapUserData)(HANDLE, const WCHAR *, const WCHAR *, BYTE *, DWORD *);
    DWORD(__stdcall *RasSetEapUserData)(HANDLE, const WCHAR *, const WCHAR *, BYTE *, DWORD);
    DWORD(__stdcall *RasGetCustomAuthDataW)(const WCHAR *, const WCHAR *, BYTE *, DWORD *);
    DWORD(__stdcall *RasSetCustomAuthDataW)(const WCHAR *, const WCHAR *, BYTE *, DWORD);
    DWORD(__stdcall *RasGetCountryInfoW)(RASCTRYINFO *, DWORD *);
    DWORD(__stdcall *RasGetAutodialAddressW)(const WCHAR *, DWORD *, RASAUTODIALENTRYW *, DWORD *, DWORD *);
    DWORD(__stdcall *RasSetAutodialAddressW)(const WCHAR *, DWORD, RASAUTODIALENTRYW *, DWORD, DWORD);
    DWORD(__stdcall *RasEnumAutodialAddressesW)(WCHAR **, DWORD *, DWORD *);
    DWORD(__stdcall *RasGetAutodialEnableW)(DWORD, int32_t *);
    DWORD(__stdcall *RasSetAutodialEnableW)(DWORD, int32_t);
    DWORD(__stdcall *RasGetAutodialParamW)(DWORD, void *, DWORD *);
    DWORD(__stdcall *RasSetAutodialParamW)(DWORD, void *, DWORD);
    DWORD(__stdcall *RasUpdateConnection)(HRASCONN, RASUPDATECONN *);
    void(__stdcall *RasFreeEapUserIdentityW)(RASEAPUSERIDENTITYW *);
    ...;
};
int ras_library_open(const char *path, const WCHAR *wide_path, struct ras_api *api, void **library,
                     char *message, size_t message_size);
int ras_library_is_simulator(void *library);
DWORD ras_connect_status(const struct ras_api *api, HRASCONN connection, RASCONNSTATUSW *status,
                         DWORD *size);
size_t ras_system_message(DWORD code, WCHAR *text, size_t characters);

/* notify.h */
#define NOTIFY_TARGETS ...
struct notify_counters {
    uint64_t foreign_messages;
    uint64_t lost;
    uint64_t rejected;
};
struct device {
    WCHAR type[...];
    WCHAR name[...];
    ...;
};
struct notify_event {
    uintptr_t connection;
    const struct device *device;
    int64_t at;
    uint64_t hold;
    DWORD state;
    DWORD error;
    DWORD extended_error;
    DWORD sub_entry;
    uint64_t thread;
};
int64_t notify_clock(void);
int notify_open(const struct ras_api *api);
void notify_shut(int target);
void notify_close(int target);
void *notify_callback(int target, int hold_errors, int links);
uint64_t notify_thread(void);
int notify_reserve(int target);
void notify_unreserve(int target);
void notify_release(uint64_t hold);
int notify_descriptor(int target);
int notify_relay_to_socket(int target, uintptr_t socket);
int notify_busy(int target);
void notify_count(int target, struct notify_counters *counters);
void notify_after_fork(void);

/* watch_event.h */
struct watch_event;
struct watch_event *watch_event_open(void);
void watch_event_close(struct watch_event *event);
uintptr_t watch_event_handle(const struct watch_event *event);
int watch_event_descriptor(const struct watch_event *event);
int watch_event_relay_to_socket(struct watch_event *event, uintptr_t socket);
void watch_event_stop(struct watch_event *event);
void watch_event_clear(struct watch_event *event);

/* From C to Python: trampoline.py. The two functions in C that call it are in build_ffi.py. */
int notify_drain_to_python(int target);
int notify_relay_to_on_wake(int target);
extern "Python" int on_dial_events(int target, const struct notify_event *events, int count);
extern "Python" void on_wake(int target);

/* engine/engine.h and engine/scripted/simulator.h */
#define SIM_ENGINES ...
#define SIM_SAME_STATE ...
#define SIM_STEP ...
#define SIM_FAIL ...
#define SIM_SILENCE ...
#define SIM_DROP ...
#define SIM_LOGIN ...
#define SIM_PAUSE ...
#define SIM_PAUSE_SCRIPTED ...
#define SIM_CALLBACK_NONE ...
#define SIM_CALLBACK_SET_BY_CALLER ...
#define SIM_CALLBACK_PRESET ...
struct engine;
struct sim_step {
    uint32_t kind;
    uint32_t state;
    uint32_t error;
    uint32_t extended_error;
    uint32_t delay_us;
    ...;
};
struct sim_entry {
    const WCHAR *phonebook;
    const WCHAR *name;
    const WCHAR *device_type;
    const WCHAR *device_name;
    const WCHAR *phone_number;
    const WCHAR *user_name;
    const WCHAR *password;
    const WCHAR *domain;
    ...;
};
struct sim_eap {
    uint32_t type;
    const WCHAR *user_name;
    const BYTE *info;
    uint32_t info_bytes;
    int interactive;
    int window;
    ...;
};
struct sim_counts {
    uint32_t connections;
    uint32_t open_ports;
    uint32_t threads;
    uint32_t callbacks;
    uint64_t dials;
    ...;
};
struct engine *sim_open(void);
void sim_close(struct engine *engine);
const struct ras_api *sim_api(const struct engine *engine);
DWORD sim_add_entry(struct engine *engine, const struct sim_entry *entry);
DWORD sim_add_phonebook(struct engine *engine, const WCHAR *path, int all_users);
void sim_set_administrator(struct engine *engine, int administrator);
DWORD sim_remove_entry(struct engine *engine, const WCHAR *phonebook, const WCHAR *name);
DWORD sim_script(struct engine *engine, const WCHAR *phonebook, const WCHAR *name,
                 const struct sim_step *steps, uint32_t count);
DWORD sim_script_link(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, uint32_t link,
                      const struct sim_step *steps, uint32_t count);
DWORD sim_add_link(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, const WCHAR *device_type,
                   const WCHAR *device_name, const WCHAR *phone_number);
DWORD sim_drop(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, DWORD error);
DWORD sim_refuse(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, DWORD error, int handle,
                 uint32_t delay_us);
DWORD sim_answer(struct engine *engine, uint32_t place, DWORD code);
DWORD sim_expire_password(struct engine *engine, const WCHAR *phonebook, const WCHAR *name);
DWORD sim_set_eap(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, const struct sim_eap *eap);
DWORD sim_set_callback(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, uint32_t mode);
DWORD sim_set_device(struct engine *engine, const WCHAR *type, const WCHAR *name, int present);
DWORD sim_set_statistics(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, uint32_t link,
                         const RAS_STATS *values, int add);
DWORD sim_set_substate(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, DWORD substate);
DWORD sim_set_link(struct engine *engine, const WCHAR *phonebook, const WCHAR *name, uint32_t link, int up);
void sim_forget_event(struct engine *engine, HANDLE event);
DWORD sim_set_ports(struct engine *engine, const WCHAR *device_name, uint32_t ports);
void sim_set_pace(struct engine *engine, double factor);
void sim_set_release_delay(struct engine *engine, uint32_t microseconds);
void sim_count(struct engine *engine, struct sim_counts *counts);
void sim_after_fork(void);
