using System.Text;
using CsCheck;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Properties;

/// <summary>Generators of the pieces that the codecs share.</summary>
internal static class Some
{
    /// <summary>Code points of one to four bytes, among them those that text handling trips over.</summary>
    private static readonly Rune[] Runes =
    [
        .. new[]
        {
            'a', 'Z', '0', '-', ' ', '/', '%', 0, 1, 0x7F, 0xE9, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFF,
            0x10000, 0x1F600, 0x10FFFF,
        }.Select(point => new Rune(point)),
    ];

    public static Gen<string> Id { get; } = Text(1, Limits.IdBytes);

    public static Gen<string> Words { get; } = Text(0, Limits.IdBytes);

    public static Gen<DateTimeOffset> Instant { get; } = Gen.Frequency(
        (1, Gen.Const(0L)), (1, Gen.Const(DateTime.MaxValue.Ticks)), (8, Gen.Long[0, DateTime.MaxValue.Ticks]))
        .Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    /// <summary>Numbers with their ends.</summary>
    public static Gen<int> Int { get; } = Gen.Frequency(
        (1, One(0, -1, int.MinValue, int.MaxValue)), (6, Gen.Int));

    /// <inheritdoc cref="Int"/>
    public static Gen<long> Long { get; } = Gen.Frequency(
        (1, One(0L, -1L, long.MinValue, long.MaxValue)), (6, Gen.Long));

    /// <summary>Any that a double can hold, not a number among them.</summary>
    public static Gen<double> Double { get; } = Gen.Frequency(
        (1, One(0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon)),
        (6, Gen.Double));

    public static Gen<TimeSpan> Time { get; } = Long.Select(ticks => new TimeSpan(ticks));

    public static Gen<BiometricPosition> Finger { get; } = Gen.Int[0, 10].Select(BiometricPosition.OfFinger);

    public static Gen<BiometricPosition> Eye { get; } = Gen.Int[0, 2].Select(BiometricPosition.OfEye);

    public static Gen<BiometricPosition> Position { get; } = Gen.OneOf(Finger, Eye);

    /// <summary>One of some values.</summary>
    public static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>A length: mostly short, now and then one of the two ends.</summary>
    public static Gen<int> Length(int least, int most, int usual) => Gen.Frequency(
        (2, Gen.Const(least)), (1, Gen.Const(most)), (15, Gen.Int[least, Math.Min(usual, most)]));

    /// <summary>Bytes of such a length.</summary>
    public static Gen<byte[]> Bytes(int least, int most, int usual) =>
        from length in Length(least, most, usual)
        from bytes in Gen.Byte.Array[length]
        select bytes;

    /// <summary>A list of such a length.</summary>
    public static Gen<List<T>> Many<T>(Gen<T> one, int least, int most, int usual) =>
        from length in Length(least, most, usual)
        from list in one.List[length]
        select list;

    /// <summary>Well-formed text of that many bytes in UTF-8.</summary>
    public static Gen<string> Text(int least, int most) =>
        from length in Length(least, most, 12)
        from dice in Gen.Int
        select TextOf(length, new Random(dice));

    /// <summary>Two to thirty-two galleries, or one, each once.</summary>
    public static Gen<List<string>> Galleries { get; } = Many(Id, 1, Limits.GalleriesPerEncounter, 4)
        .Select(names => names.Distinct(StringComparer.Ordinal).ToList());

    /// <summary>Present or not.</summary>
    public static Gen<T?> Maybe<T>(Gen<T> one)
        where T : class => Gen.OneOf(Gen.Const((T?)null), one.Select(value => (T?)value));

    /// <inheritdoc cref="Maybe{T}"/>
    public static Gen<T?> MaybeValue<T>(Gen<T> one)
        where T : struct => Gen.OneOf(Gen.Const((T?)null), one.Select(value => (T?)value));

    /// <summary>Changes one byte, or cuts the end off: what wires and disks do.</summary>
    public static Gen<Damage> Damage { get; } =
        from at in Gen.Int[0, int.MaxValue]
        from change in Gen.Byte[1, 255]
        select new Damage(at, change);

    private static string TextOf(int bytes, Random dice)
    {
        StringBuilder text = new();
        while (bytes > 0)
        {
            Rune rune = Runes[dice.Next(Runes.Length)];
            if (rune.Utf8SequenceLength <= bytes)
            {
                text.Append(rune);
                bytes -= rune.Utf8SequenceLength;
            }
        }

        return text.ToString();
    }
}

/// <summary>One byte that changes, or the place where the bytes end.</summary>
internal sealed record Damage(int At, byte Change)
{
    public byte[] Flip(byte[] bytes)
    {
        byte[] damaged = [.. bytes];
        damaged[At % bytes.Length] ^= Change;
        return damaged;
    }

    public byte[] Cut(byte[] bytes) => bytes[..(At % bytes.Length)];
}
