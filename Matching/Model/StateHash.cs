using System.Buffers.Binary;

namespace MatchCluster.Matching.Model;

/// <summary>
/// A hash of a set that does not depend on the order of its members: the sum, modulo 2^256, of one keyed hash per
/// member. Adding a member and taking it away gives the former value; the sums of parts add up to that of the whole.
/// </summary>
/// <remarks>
/// This is MSet-Add-Hash (Clarke, Devadas, van Dijk, Gassend, Suh: "Incremental Multiset Hash Functions", ASIACRYPT
/// 2003) over AdHash (Bellare, Micciancio, EUROCRYPT 1997). The hashes of members must be keyed: with a public hash,
/// sets of the same sum are found with about 2^32 work at this width (Wagner: "A Generalized Birthday Problem", CRYPTO
/// 2002).
/// </remarks>
public readonly record struct StateHash
{
    public const int Bytes = 32;

    private readonly ulong first;
    private readonly ulong second;
    private readonly ulong third;
    private readonly ulong fourth;

    /// <param name="bytes">The number, 32 bytes, little-endian.</param>
    public StateHash(ReadOnlySpan<byte> bytes)
    {
        first = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        second = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        third = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        fourth = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..Bytes]);
    }

    private StateHash(ulong first, ulong second, ulong third, ulong fourth) =>
        (this.first, this.second, this.third, this.fourth) = (first, second, third, fourth);

    public static StateHash operator +(StateHash a, StateHash b)
    {
        UInt128 sum = (UInt128)a.first + b.first;
        ulong first = (ulong)sum;
        sum = (UInt128)a.second + b.second + (sum >> 64);
        ulong second = (ulong)sum;
        sum = (UInt128)a.third + b.third + (sum >> 64);
        return new StateHash(first, second, (ulong)sum, a.fourth + b.fourth + (ulong)(sum >> 64));
    }

    public static StateHash operator -(StateHash a) =>
        new StateHash(~a.first, ~a.second, ~a.third, ~a.fourth) + new StateHash(1, 0, 0, 0);

    public static StateHash operator -(StateHash a, StateHash b) => a + -b;

    /// <summary>The number, 32 bytes, little-endian.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, first);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], second);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], third);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..Bytes], fourth);
    }

    /// <summary>64 hexadecimal digits of the bytes in their order.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        Write(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}

/// <summary>What a gallery, or a part of it, holds at one moment.</summary>
/// <param name="Hash">The sum of its encounters' hashes.</param>
/// <param name="Encounters">How many they are, active or not.</param>
public readonly record struct GalleryState(StateHash Hash, long Encounters)
{
    public static GalleryState operator +(GalleryState a, GalleryState b) =>
        new(a.Hash + b.Hash, a.Encounters + b.Encounters);

    public static GalleryState operator -(GalleryState a, GalleryState b) =>
        new(a.Hash - b.Hash, a.Encounters - b.Encounters);
}
