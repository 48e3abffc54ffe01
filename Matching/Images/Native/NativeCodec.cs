using ImageMagick;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Native;

/// <summary>
/// JPEG and JPEG 2000 through ImageMagick's native library. Only bytes that a gate has checked come here, the format is
/// said and never guessed by the library, and its own limits are set besides. At most half of the processors decode at
/// once, so that pictures cannot take a machine from searches.
/// </summary>
internal static class NativeCodec
{
    private const ulong MostMemoryBytes = 256UL << 20;

    /// <summary>Rows that are fetched at once: a strip and not a second picture.</summary>
    private const int StripRows = 128;

    private static readonly SemaphoreSlim Places = new(Math.Max(1, Environment.ProcessorCount / 2));
    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>Whether the library is there for this processor and operating system.</summary>
    public static bool IsAvailable => Loaded.Value;

    /// <summary>The picture as grey, or null where the library cannot decode it.</summary>
    /// <param name="bytes">The file or codestream.</param>
    /// <param name="format">What it is.</param>
    /// <param name="width">The width that the gate read.</param>
    /// <param name="height">The height that the gate read.</param>
    public static Decoded<GrayImage> Decode(ReadOnlySpan<byte> bytes, NativeFormat format, int width, int height)
    {
        if (!IsAvailable)
        {
            return new Rejection(
                -1, "JPEG data, and no library for them on this machine", "PNG, WSQ, TIFF, BMP or PGM");
        }

        Places.Wait();
        try
        {
            using MagickImage image = new(bytes, new MagickReadSettings { Format = Word(format) });
            return image.Width == width && image.Height == height ? ToGrey(image, format)
                : new Rejection(-1, $"a decoded picture of {image.Width} x {image.Height}", $"{width} x {height}");
        }
        catch (MagickException)
        {
            return new Rejection(-1, "compressed data that are damaged", $"a whole {format}");
        }
        finally
        {
            Places.Release();
        }
    }

    private static bool Load()
    {
        try
        {
            ResourceLimits.Memory = MostMemoryBytes;
            ResourceLimits.Disk = 0;
            ResourceLimits.Thread = 1;
            ResourceLimits.Time = 5;
            ResourceLimits.Area = 2 * ImageLimits.MostPixels;
            return true;
        }
        catch (Exception missing) when (missing is DllNotFoundException or TypeInitializationException
            or BadImageFormatException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    private static MagickFormat Word(NativeFormat format) => format switch
    {
        NativeFormat.Jpeg => MagickFormat.Jpeg,
        NativeFormat.Codestream or NativeFormat.LumaCodestream => MagickFormat.J2c,
    };

    private static GrayImage ToGrey(MagickImage image, NativeFormat format)
    {
        int width = (int)image.Width;
        int height = (int)image.Height;
        bool isGrey = format == NativeFormat.LumaCodestream
            || image.ColorSpace is ColorSpace.Gray or ColorSpace.LinearGray;
        if (!isGrey && image.ColorSpace != ColorSpace.sRGB)
        {
            image.ColorSpace = ColorSpace.sRGB;
        }

        int step = isGrey ? 1 : 3;
        byte[] pixels = new byte[width * height];
        using IUnsafePixelCollection<byte> source = image.GetPixelsUnsafe();
        for (int top = 0; top < height; top += StripRows)
        {
            int rows = Math.Min(StripRows, height - top);
            byte[] strip = source.ToByteArray(0, top, (uint)width, (uint)rows, isGrey ? "R" : "RGB") ?? [];
            Span<byte> target = pixels.AsSpan(top * width, rows * width);
            if (isGrey)
            {
                strip.CopyTo(target);
                continue;
            }

            for (int i = 0; i < target.Length; i++)
            {
                target[i] = Grey.OfRgb(strip[i * step], strip[(i * step) + 1], strip[(i * step) + 2]);
            }
        }

        return new GrayImage(width, height, pixels);
    }
}

/// <summary>What is given to the library.</summary>
internal enum NativeFormat
{
    Jpeg,

    /// <summary>A codestream of JPEG 2000.</summary>
    Codestream,

    /// <summary>A codestream of JPEG 2000 whose first component is the grey picture already.</summary>
    LumaCodestream,
}
