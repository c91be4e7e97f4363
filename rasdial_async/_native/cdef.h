/* The contract between C and Python, read by build_ffi.py for ffi.cdef(). "..." leaves the layout to
 * the C compiler, which knows it from ras_types.h and asserts it in ras_layout.c. */

typedef int... DWORD; /* unsigned long on Windows, uint32_t elsewhere */
typedef int... UINT;
typedef char16_t WCHAR;
typedef uint8_t BYTE;
typedef uintptr_t ULONG_PTR;
typedef struct HRASCONN__ *HRASCONN;
typedef struct HWND__ *HWND;

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
    DWORD dwSize;
    DWORD dwfOptions;
    HWND hwndParent;
    ULONG_PTR reserved1;
    int32_t fSkipPppAuth;
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

struct ras_api {
    DWORD(__stdcall *RasDialW)(RASDIALEXTENSIONS *, const WCHAR *, RASDIALPARAMSW *, DWORD, void *,
                               HRASCONN *);
    DWORD(__stdcall *RasHangUpW)(HRASCONN);
    DWORD(__stdcall *RasGetConnectStatusW)(HRASCONN, RASCONNSTATUSW *);
    DWORD(__stdcall *RasEnumConnectionsW)(RASCONNW *, DWORD *, DWORD *);
    DWORD(__stdcall *RasEnumEntriesW)(const WCHAR *, const WCHAR *, RASENTRYNAMEW *, DWORD *, DWORD *);
    DWORD(__stdcall *RasGetErrorStringW)(UINT, WCHAR *, DWORD);
    ...;
};
int ras_library_open(const char *path, const WCHAR *wide_path, struct ras_api *api, void **library,
                     char *message, size_t message_size);
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
int64_t notify_clock(void);
int notify_open(const struct ras_api *api);
void notify_shut(int target);
void notify_close(int target);
void *notify_callback(int target, int hold_errors);
int notify_reserve(int target);
void notify_unreserve(int target);
void notify_release(uint64_t hold);
int notify_descriptor(int target);
int notify_relay_to_socket(int target, uintptr_t socket);
int notify_busy(int target);
void notify_count(int target, struct notify_counters *counters);
void notify_after_fork(void);

/* From C to Python: trampoline.py. The two functions in C that call it are in build_ffi.py. */
int notify_drain_to_python(int target);
int notify_relay_to_on_wake(int target);
struct notify_event {
    struct notify_event *next;
    uintptr_t connection;
    DWORD state;
    DWORD error;
    DWORD extended_error;
    int64_t at;
    uint64_t hold;
    const WCHAR *device_type;
    const WCHAR *device_name;
    ...;
};
extern "Python" void on_dial_events(int target, const struct notify_event *oldest);
extern "Python" void on_wake(int target);

/* simulator/simulator.h */
#define SIM_ENGINES ...
#define SIM_SAME_STATE ...
#define SIM_STEP ...
#define SIM_FAIL ...
#define SIM_SILENCE ...
#define SIM_DROP ...
#define SIM_LOGIN ...
struct sim;
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
struct sim_counts {
    uint32_t connections;
    uint32_t open_ports;
    uint32_t threads;
    uint32_t callbacks;
    uint64_t dials;
    ...;
};
struct sim *sim_open(void);
void sim_close(struct sim *engine);
const struct ras_api *sim_api(const struct sim *engine);
DWORD sim_add_entry(struct sim *engine, const struct sim_entry *entry);
DWORD sim_remove_entry(struct sim *engine, const WCHAR *phonebook, const WCHAR *name);
DWORD sim_script(struct sim *engine, const WCHAR *phonebook, const WCHAR *name,
                 const struct sim_step *steps, uint32_t count);
DWORD sim_drop(struct sim *engine, const WCHAR *phonebook, const WCHAR *name, DWORD error);
DWORD sim_refuse(struct sim *engine, const WCHAR *phonebook, const WCHAR *name, DWORD error, int handle,
                 uint32_t delay_us);
DWORD sim_set_ports(struct sim *engine, const WCHAR *device_name, uint32_t ports);
void sim_set_pace(struct sim *engine, double factor);
void sim_set_release_delay(struct sim *engine, uint32_t microseconds);
void sim_count(struct sim *engine, struct sim_counts *counts);
void sim_after_fork(void);
