using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.IrisImages;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>
/// A picture of an eye with what was found in it, as PNG: pupil green, outer border yellow, lids blue, what
/// is masked reddened; below it the unrolled iris with its mask.
/// </summary>
internal static class EyeOverlay
{
    private const int Steps = 2048;

    public static byte[] Draw(GrayImage image, IrisEncoded? encoded)
    {
        int width = Math.Max(image.Width, PolarIris.Columns);
        int height = image.Height + PolarIris.Rows;
        byte[] pixels = new byte[width * height * 3];
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                pixels.AsSpan(3 * ((y * width) + x), 3).Fill(image.Pixels.Span[(y * image.Width) + x]);
            }
        }

        if (encoded is not null)
        {
            Canvas canvas = new(pixels, width, image.Width, image.Height);
            DrawUnrolled(pixels, width, image.Height, encoded.Unrolled);
            DrawMask(canvas, encoded);
            DrawContour(canvas, encoded.Outline.Pupil, 0, 255, 0);
            DrawContour(canvas, encoded.Outline.Limbus, 255, 255, 0);
            DrawLid(canvas, encoded.Outline.Limbus, encoded.Outline.UpperLid);
            DrawLid(canvas, encoded.Outline.Limbus, encoded.Outline.LowerLid);
        }

        return Png(pixels, width, height);
    }

    private static void DrawUnrolled(byte[] pixels, int width, int top, PolarIris iris)
    {
        for (int i = 0; i < iris.Values.Length; i++)
        {
            int at = 3 * (((top + (i / PolarIris.Columns)) * width) + (i % PolarIris.Columns));
            pixels.AsSpan(at, 3).Fill((byte)Math.Clamp(iris.Values[i] / GrayPlane.Unit, 0, 255));
            pixels[at] = iris.Visible[i] ? pixels[at] : (byte)255;
        }
    }

    private static void DrawMask(Canvas canvas, IrisEncoded encoded)
    {
        Turn turn = Turn.Of512;
        EyeContour pupil = encoded.Outline.Pupil;
        EyeContour limbus = encoded.Outline.Limbus;
        double[] inner = pupil.Radii(turn);
        double[] outer = limbus.Radii(turn);
        for (int i = 0; i < encoded.Unrolled.Visible.Length; i++)
        {
            if (encoded.Unrolled.Visible[i])
            {
                continue;
            }

            int column = i % PolarIris.Columns;
            double depth = PolarIris.DepthOf(i / PolarIris.Columns);
            (double fromX, double fromY) = PointOf(pupil, inner[column], turn.Cos[column], turn.Sin[column]);
            (double toX, double toY) = PointOf(limbus, outer[column], turn.Cos[column], turn.Sin[column]);
            canvas.Redden(fromX + ((toX - fromX) * depth), fromY + ((toY - fromY) * depth));
        }
    }

    private static void DrawContour(Canvas canvas, EyeContour contour, byte red, byte green, byte blue)
    {
        double[] radii = contour.Radii(Turn.Of512);
        for (int step = 0; step < Steps; step++)
        {
            double at = (double)step * radii.Length / Steps;
            int before = (int)at;
            double share = at - before;
            double radius = (radii[before] * (1 - share)) + (radii[(before + 1) % radii.Length] * share);
            (double x, double y) = PointOf(
                contour, radius, Math.Cos(Math.Tau * step / Steps), Math.Sin(Math.Tau * step / Steps));
            canvas.Set(x, y, red, green, blue);
        }
    }

    private static void DrawLid(Canvas canvas, EyeContour limbus, EyelidEdge? lid)
    {
        for (int step = 0; lid is not null && step <= Steps; step++)
        {
            double across = (2.0 * step / Steps) - 1;
            canvas.Set(
                limbus.MiddleX + (across * limbus.Radius), limbus.MiddleY - (lid.At(across) * limbus.Radius),
                0, 200, 255);
        }
    }

    private static (double X, double Y) PointOf(EyeContour contour, double radius, double cos, double sin) =>
        (contour.CentreX + (radius * cos), contour.CentreY - (radius * sin));

    private static byte[] Png(byte[] pixels, int width, int height)
    {
        using MemoryStream data = new();
        using (ZLibStream packed = new(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                packed.WriteByte(0);
                packed.Write(pixels, 3 * y * width, 3 * width);
            }
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        header[9] = 2;
        using MemoryStream file = new();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "IDAT"u8, data.ToArray());
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, ReadOnlySpan<byte> kind, byte[] data)
    {
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] whole = [.. kind, .. data];
        file.Write(whole);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(whole));
        file.Write(number);
    }

    private sealed class Canvas(byte[] pixels, int stride, int width, int height)
    {
        public void Set(double x, double y, byte red, byte green, byte blue)
        {
            if (At(x, y) is >= 0 and int at)
            {
                (pixels[at], pixels[at + 1], pixels[at + 2]) = (red, green, blue);
            }
        }

        public void Redden(double x, double y)
        {
            if (At(x, y) is >= 0 and int at)
            {
                pixels[at] = Math.Max(pixels[at], (byte)200);
            }
        }

        private int At(double x, double y)
        {
            int column = (int)Math.Round(x);
            int row = (int)Math.Round(y);
            return (uint)column < (uint)width && (uint)row < (uint)height ? 3 * ((row * stride) + column) : -1;
        }
    }
}
