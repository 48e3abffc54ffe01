using System.Runtime.InteropServices;

namespace MatchCluster.Matching.Tests.Irises;

/// <summary>
/// Memory whose last byte is followed by a page that faults: a read one past the end ends the process.
/// </summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private readonly byte* pages;
    private readonly nuint reserved;
    private readonly int bytes;

    public GuardedMemory(int bytes)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        this.bytes = bytes;
        reserved = (((nuint)bytes + page - 1) / page * page) + page;
        this.pages = OperatingSystem.IsWindows() ? Reserve(reserved) : Map(reserved);
        byte* guard = this.pages + reserved - page;
        bool isGuarded = OperatingSystem.IsWindows()
            ? VirtualProtect(guard, page, NoAccess, out _)
            : Protect(guard, page, 0) == 0;
        Assert.True(isGuarded, "the page behind the memory could not be guarded");
    }

    /// <summary>The last bytes before the guard.</summary>
    public Span<byte> Span => new(this.pages + reserved - (nuint)Environment.SystemPageSize - this.bytes, this.bytes);

    public void Dispose()
    {
        if (OperatingSystem.IsWindows())
        {
            VirtualFree(this.pages, 0, Release);
        }
        else
        {
            _ = Unmap(this.pages, reserved);
        }
    }

    private const uint ReserveAndCommit = 0x3000;
    private const uint ReadWrite = 4;
    private const uint NoAccess = 1;
    private const uint Release = 0x8000;

    private static byte* Reserve(nuint bytes)
    {
        byte* pages = VirtualAlloc(null, bytes, ReserveAndCommit, ReadWrite);
        return pages != null ? pages : throw new InvalidOperationException("no memory to guard");
    }

    private static byte* Map(nuint bytes)
    {
        const int ReadAndWrite = 3;
        int privateAndAnonymous = OperatingSystem.IsMacOS() ? 0x1002 : 0x22;
        byte* pages = Map(null, bytes, ReadAndWrite, privateAndAnonymous, -1, 0);
        return (nint)pages != -1 ? pages : throw new InvalidOperationException("no memory to guard");
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(
        byte* address, nuint bytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(byte* address, nuint bytes, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(byte* address, nuint bytes);

    [LibraryImport("kernel32")]
    private static partial byte* VirtualAlloc(byte* address, nuint bytes, uint type, uint protection);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualProtect(byte* address, nuint bytes, uint protection, out uint old);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualFree(byte* address, nuint bytes, uint type);
}
