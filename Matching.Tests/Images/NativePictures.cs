using System.Buffers.Binary;
using ImageMagick;
using MatchCluster.Matching.Images;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>Writes JPEG and JPEG 2000 files for tests.</summary>
internal static class NativePictures
{
    public static byte[] Jpeg(GrayImage image, int quality = 95, bool isProgressive = false) =>
        Write(image, MagickFormat.Jpeg, each =>
        {
            each.Quality = (uint)quality;
            each.Settings.Interlace = isProgressive ? Interlace.Jpeg : Interlace.NoInterlace;
        });

    /// <summary>Four inks, as a printer's software writes them.</summary>
    public static byte[] CmykJpeg(GrayImage image) => Write(image, MagickFormat.Jpeg, each =>
    {
        each.ColorSpace = ColorSpace.CMYK;
        each.Quality = 95;
    });

    /// <summary>Lossless, as a bare codestream.</summary>
    public static byte[] Codestream(GrayImage image) => Write(image, MagickFormat.J2k, _ => { });

    /// <summary>Lossless in a .jp2 file, with a capture resolution where one is said.</summary>
    public static byte[] Jp2(GrayImage image, int? ppi = null, bool isColour = false)
    {
        byte[] file = Write(image, MagickFormat.Jp2, each =>
        {
            if (isColour)
            {
                each.ColorSpace = ColorSpace.sRGB;
                each.ColorType = ColorType.TrueColor;
            }
        });
        return ppi is { } stated ? WithResolution(file, stated) : file;
    }

    /// <summary>A JPEG with an Exif segment that says how it is turned.</summary>
    public static byte[] Turned(byte[] jpeg, int orientation)
    {
        byte[] tiff = new TiffFile { IsBigEndian = true }.Tag(274, orientation).Fraction(282, 500, 1)
            .Fraction(283, 500, 1).Tag(296, 2).Write([[0]]);
        byte[] content = [.. "Exif\0\0"u8, .. tiff];
        return
        [
            .. jpeg[..2], 0xFF, 0xE1, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content,
            .. jpeg[2..],
        ];
    }

    private static byte[] WithResolution(byte[] file, int ppi)
    {
        // The header box gets a resolution superbox with a capture resolution of ppi / 0.0254 pixels a metre.
        int header = file.AsSpan().IndexOf("jp2h"u8) - 4;
        int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(header));
        byte[] box = new byte[26];
        BinaryPrimitives.WriteInt32BigEndian(box, 26);
        "res "u8.CopyTo(box.AsSpan(4));
        BinaryPrimitives.WriteInt32BigEndian(box.AsSpan(8), 18);
        "resc"u8.CopyTo(box.AsSpan(12));
        foreach (int at in (int[])[16, 20])
        {
            BinaryPrimitives.WriteUInt16BigEndian(box.AsSpan(at), (ushort)ppi);
            BinaryPrimitives.WriteUInt16BigEndian(box.AsSpan(at + 2), 254);
        }

        (box[24], box[25]) = (4, 4);
        byte[] widened = [.. file[..(header + length)], .. box, .. file[(header + length)..]];
        BinaryPrimitives.WriteInt32BigEndian(widened.AsSpan(header), length + box.Length);
        return widened;
    }

    private static byte[] Write(GrayImage image, MagickFormat format, Action<MagickImage> prepare)
    {
        using MagickImage picture = new();
        picture.ReadPixels(
            image.Pixels.Span,
            new PixelReadSettings((uint)image.Width, (uint)image.Height, StorageType.Char, "I"));
        picture.ColorSpace = ColorSpace.Gray;
        picture.Settings.SetDefine(MagickFormat.Jp2, "rate", "1");
        prepare(picture);
        picture.Format = format;
        return picture.ToByteArray();
    }
}
