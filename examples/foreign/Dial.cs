// A RAS client in C#: it dials, prints each event, and hangs up. The library is found by its name, rasapi32.
//
// mcs Dial.cs && mono Dial.exe ENTRY USER PASSWORD     exit status 0 = it was connected

using System;
using System.Runtime.InteropServices;
using System.Threading;

static class Dial
{
    const int Connected = 0x2000, InvalidHandle = 6;

    [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode, Pack = 4)]
    struct Params
    {
        public int Size;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 257)] public string Entry;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 129)] public string Number;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 129)] public string Callback;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 257)] public string User;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 257)] public string Password;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 16)] public string Domain;
    }

    [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode, Pack = 4)]
    struct Status
    {
        public int Size, State, Error;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 17)] public string DeviceType;
        [MarshalAs(UnmanagedType.ByValTStr, SizeConst = 129)] public string DeviceName;
    }

    delegate void Notifier(IntPtr handle, uint message, int state, int error, int extendedError);

    [DllImport("rasapi32", CharSet = CharSet.Unicode)]
    static extern int RasDialW(IntPtr extensions, string phonebook, ref Params parameters, int type,
                               Notifier notifier, ref IntPtr handle);
    [DllImport("rasapi32")] static extern int RasHangUpW(IntPtr handle);
    [DllImport("rasapi32", CharSet = CharSet.Unicode)]
    static extern int RasGetConnectStatusW(IntPtr handle, ref Status status);

    static int Main(string[] arguments)
    {
        var over = new ManualResetEvent(false);
        int failure = 0;
        Notifier hear = (connection, message, state, error, extendedError) => {
            Console.WriteLine("event {0} {1}", state, error);
            failure = error;
            if (error != 0 || (state & Connected) != 0)
                over.Set();
        };
        var parameters = new Params { Size = Marshal.SizeOf(typeof(Params)), Entry = arguments[0],
                                      User = arguments[1], Password = arguments[2] };
        var handle = IntPtr.Zero;
        int code = RasDialW(IntPtr.Zero, null, ref parameters, 1, hear, ref handle);
        Console.WriteLine("dial {0}", code);
        if (code == 0)
            over.WaitOne();
        if (handle != IntPtr.Zero) {
            Console.WriteLine("hang-up {0}", RasHangUpW(handle));
            var status = new Status { Size = Marshal.SizeOf(typeof(Status)) };
            while (RasGetConnectStatusW(handle, ref status) != InvalidHandle)
                Thread.Sleep(1);  // the port is free when the handle is invalid
            Console.WriteLine("released");
        }
        GC.KeepAlive(hear);
        return code != 0 || failure != 0 ? 1 : 0;
    }
}
