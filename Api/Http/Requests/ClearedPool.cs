using System.Buffers;

namespace MatchCluster.Api.Http.Requests;

/// <summary>Memory for bodies of requests that is cleared before anybody else has it.</summary>
internal sealed class ClearedPool : MemoryPool<byte>
{
    private const int Usual = 4096;

    public static new ClearedPool Shared { get; } = new();

    public override int MaxBufferSize => ApiLimits.BodyBytes;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) =>
        new Owner(ArrayPool<byte>.Shared.Rent(minBufferSize <= 0 ? Usual : minBufferSize));

    protected override void Dispose(bool disposing)
    {
    }

    private sealed class Owner(byte[] rented) : IMemoryOwner<byte>
    {
        private byte[]? rented = rented;

        public Memory<byte> Memory => rented ?? throw new ObjectDisposedException(nameof(ClearedPool));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref rented, null) is { } mine)
            {
                ArrayPool<byte>.Shared.Return(mine, clearArray: true);
            }
        }
    }
}
