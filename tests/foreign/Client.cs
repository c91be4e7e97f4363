// A RAS client in C# as programs for Windows have it: P/Invoke, CharSet.Unicode, asynchronous dials. On an
// error it hangs up inside the notifier and waits there until the handle is invalid.
//
// Client.exe PHONEBOOK ENTRY [ERROR]: with an error the simulator is told to fail the dial with it.

using System;
using System.Runtime.InteropServices;
using System.Threading;

static class Client
{
    const int Connected = 0x2000;
    const int InvalidHandle = 6;
    const int BufferTooSmall = 603;

    [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode, Pack = 4)]
    struct DialParams
    {
        public int Size;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 257)] public string EntryName;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 129)] public string PhoneNumber;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 129)] public string CallbackNumber;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 257)] public string UserName;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 257)] public string Password;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 16)] public string Domain;
        public int SubEntry;
        public IntPtr CallbackId;
    }

    [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode, Pack = 4)]
    struct Status
    {
        public int Size;
        public int State;
        public int Error;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 17)] public string DeviceType;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 129)] public string DeviceName;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 129)] public string PhoneNumber;
    }

    [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode, Pack = 4)]
    struct EntryName
    {
        public int Size;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 257)] public string Name;
        public int Flags;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 261)] public string Phonebook;
    }

    [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode, Pack = 4)]
    struct Connection
    {
        public int Size;
        public IntPtr Handle;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 257)] public string Name;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 17)] public string DeviceType;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 129)] public string DeviceName;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 260)] public string Phonebook;
        public int SubEntry;
        public Guid Entry;
    }

    delegate void Notifier(IntPtr handle, uint message, int state, int error, int extendedError);

    [DllImport("rasapi32", CharSet = CharSet.Unicode)]
    static extern int RasDialW(IntPtr extensions, string phonebook, ref DialParams parameters, int type,
                               Notifier notifier, ref IntPtr handle);
    [DllImport("rasapi32", CharSet = CharSet.Unicode)]
    static extern int RasHangUpW(IntPtr handle);
    [DllImport("rasapi32", CharSet = CharSet.Unicode)]
    static extern int RasGetConnectStatusW(IntPtr handle, ref Status status);
    [DllImport("rasapi32", CharSet = CharSet.Unicode)]
    static extern int RasEnumEntriesW(IntPtr reserved, string phonebook, [In, Out] EntryName[] entries,
                                      ref int size, ref int count);
    [DllImport("rasapi32", CharSet = CharSet.Unicode)]
    static extern int RasEnumConnectionsW([In, Out] Connection[] connections, ref int size, ref int count);

    [DllImport("rasapi32")]
    static extern IntPtr sim_standalone();
    [DllImport("rasapi32", CharSet = CharSet.Unicode)]
    static extern int sim_script(IntPtr engine, string phonebook, string entry, uint[] steps, int count);

    static readonly ManualResetEvent over = new ManualResetEvent(false);

    static void HangUpAndWait(IntPtr handle)
    {
        Console.WriteLine("hang-up {0}", RasHangUpW(handle));
        var status = new Status { Size = Marshal.SizeOf(typeof(Status)) };
        while (RasGetConnectStatusW(handle, ref status) != InvalidHandle)
            Thread.Sleep(1);
        Console.WriteLine("released");
    }

    static void Hear(IntPtr handle, uint message, int state, int error, int extendedError)
    {
        Console.WriteLine("event {0} {1}", state, error);
        if (error != 0)
            HangUpAndWait(handle);
        if (error != 0 || state >= Connected)
            over.Set();
    }

    static int Main(string[] arguments)
    {
        int size = Marshal.SizeOf(typeof(EntryName)), count = 0;
        var entries = new EntryName[8];
        entries[0].Size = size;
        size *= entries.Length;
        Console.WriteLine("entries {0}", RasEnumEntriesW(IntPtr.Zero, arguments[0], entries, ref size, ref count));
        for (int i = 0; i < count; i++)
            Console.WriteLine("entry {0} in {1}", entries[i].Name, entries[i].Phonebook);

        if (arguments.Length > 2) {
            // kind, state, error, extended error, delay: ConnectDevice, then a failure in Authenticate
            var steps = new uint[] { 0, 2, 0, 0, 0, 1, 5, uint.Parse(arguments[2]), 0, 0 };
            sim_script(sim_standalone(), arguments[0], arguments[1], steps, 2);
        }

        var parameters = new DialParams {
            Size = Marshal.SizeOf(typeof(DialParams)),
            EntryName = arguments[1], UserName = "ada", Password = "secret",
        };
        var handle = IntPtr.Zero;
        Notifier notifier = Hear;
        Console.WriteLine("dial {0}", RasDialW(IntPtr.Zero, arguments[0], ref parameters, 1, notifier, ref handle));
        if (!over.WaitOne(20000))
            return 3;

        var connections = new Connection[4];
        connections[0].Size = size = Marshal.SizeOf(typeof(Connection));
        size *= connections.Length;
        Console.WriteLine("connections {0}", RasEnumConnectionsW(connections, ref size, ref count));
        for (int i = 0; i < count; i++)
            Console.WriteLine("connection {0} in {1} {2} {3}", connections[i].Name, connections[i].Phonebook,
                              connections[i].SubEntry, connections[i].Handle == handle);
        if (count != 0)
            HangUpAndWait(handle);
        GC.KeepAlive(notifier);
        return 0;
    }
}
