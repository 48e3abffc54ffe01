using System.Buffers.Binary;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// The part all four formats share: a list of minutiae of 6 bytes (kind in 2 bits + x in 14, 2 reserved bits
/// + y in 14, angle, quality) or 5 (no quality), followed by a 16-bit length and extended data.
/// </summary>
internal static class MinutiaeBlock
{
    public const int BytesWithQuality = 6;
    public const int BytesWithoutQuality = 5;

    private const int Low14 = 0x3fff;

    /// <summary>
    /// Reads <paramref name="count"/> minutiae; empty where the reader has failed. One on or outside the stated image
    /// is kept: devices write the image's size after cutting or scaling it, and nothing that compares looks at it.
    /// </summary>
    public static Minutia[] Read(
        ref RecordReader reader, int count, int bytesEach, int width, int height, AngleUnit unit)
    {
        int start = reader.Offset;
        ReadOnlySpan<byte> bytes = reader.Take(count * bytesEach, "minutiae");
        if (reader.Failed || count == 0)
        {
            return [];
        }

        Minutia[] minutiae = new Minutia[count];
        for (int i = 0; i < minutiae.Length; i++)
        {
            int at = i * bytesEach;
            int kindX = BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            int x = kindX & Low14;
            int y = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]) & Low14;
            byte angle = bytes[at + 4];
            byte quality = bytesEach == BytesWithQuality ? bytes[at + 5] : (byte)0;
            int kind = kindX >> 14;

            if (unit == AngleUnit.TwoDegrees && angle >= 180)
            {
                reader.Reject(start + at + 4, $"angle {angle}", "0..179 units of 2 degrees");
                return [];
            }

            if (kind > (int)MinutiaKind.Bifurcation)
            {
                reader.Forgive(ForgivenKind.MinutiaKind, start + at, kind);
                kind = (int)MinutiaKind.Other;
            }

            if (x >= width || y >= height)
            {
                reader.Forgive(ForgivenKind.MinutiaOutsideImage, start + at, 0);
            }

            if (quality is > 100 and < 254)
            {
                reader.Forgive(ForgivenKind.MinutiaQuality, start + at + 5, quality);
            }

            minutiae[i] = new Minutia(
                (ushort)x, (ushort)y, Angles.FromByte(angle, unit),
                quality > 100 ? (byte)0 : quality, (MinutiaKind)kind);
        }

        return minutiae;
    }

    /// <summary>Writes the minutiae; <see cref="ExtendedData"/> follow.</summary>
    /// <param name="writer">Has room for them.</param>
    /// <param name="minutiae">Checked by <see cref="Representable"/>.</param>
    /// <param name="bytesEach">5 or 6.</param>
    /// <param name="unit">Unit of the angle byte.</param>
    /// <param name="noQuality">The quality byte of a minutia that has none.</param>
    public static void Write(
        ref RecordWriter writer, IReadOnlyList<Minutia> minutiae, int bytesEach, AngleUnit unit, byte noQuality)
    {
        foreach (Minutia minutia in minutiae)
        {
            writer.Word(((int)minutia.Kind << 14) | minutia.X);
            writer.Word(minutia.Y);
            writer.Byte(Angles.ToByte(minutia.Angle, unit));
            if (bytesEach == BytesWithQuality)
            {
                writer.Byte(minutia.Quality == 0 ? noQuality : minutia.Quality);
            }
        }
    }
}
