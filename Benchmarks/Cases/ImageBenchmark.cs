using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Prints;
using MatchCluster.Matching.Images.Wsq;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Tests.Images;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>Pictures of 300 x 400 pixels to grey pixels, by format, and what is done with a print after that.</summary>
internal sealed class ImageBenchmark : IBenchmark
{
    private const int Width = 300;
    private const int Height = 400;

    public string Name => "images";

    public string Description => "Pictures of 300 x 400 decoded, by format, and prints prepared, one thread.";

    public Task RunAsync(BenchmarkContext context)
    {
        GrayImage print = WsqPictures.Ridges(Width, Height);
        byte[] pixels = print.Pixels.ToArray();
        Decode(context, "png", PngBytes.Grey(Width, Height, pixels));
        Decode(context, "png-rgb", PngBytes.Write(Width, Height, 2, 8, (x, y, _) => pixels[(y * Width) + x]));
        Decode(context, "bmp", BmpBytes.Write(
            Width, Height, 8, (x, y) => pixels[(y * Width) + x], BmpBytes.GreyPalette(256)));
        Decode(context, "tiff", Tiff(1, pixels));
        Decode(context, "tiff-deflate", Tiff(8, PngBytes.Deflated(pixels)));
        Decode(context, "wsq", WsqEncoder.Encode(print));
        Decode(context, "jpeg", NativePictures.Jpeg(print));
        Decode(context, "jpeg2000-lossless", NativePictures.Jp2(print));
        Prepare(context, "prepare-500", print, 500);
        Prepare(context, "prepare-1000", Resampling.ToPpi(print, 500, 1000), 1000);
        return Task.CompletedTask;
    }

    private static byte[] Tiff(int compression, byte[] strip) => new TiffFile().Tag(256, Width).Tag(257, Height)
        .Tag(258, 8).Tag(259, compression).Tag(262, 1).Tag(277, 1).Tag(278, Height).Write([strip]);

    private static void Decode(BenchmarkContext context, string name, byte[] file)
    {
        Decoded<GrayImage> decoded = ImageDecoder.Decode(file);
        context.MustHold($"{name}: {decoded.Rejection}", decoded.IsAccepted);
        context.Rate(name, "pictures_per_s_core", "1/s", 1, HashOf(decoded.Value!), () => ImageDecoder.Decode(file));
    }

    private static void Prepare(BenchmarkContext context, string name, GrayImage image, int ppi)
    {
        PrintReading reading = new() { RequestPpi = ppi };
        PreparedPrint print = PrintPreparation.Prepare(image, reading).Value!;
        context.Rate(
            name, "pictures_per_s_core", "1/s", 1, HashOf(print.Image),
            () => PrintPreparation.Prepare(image, reading));
    }

    private static ResultHash HashOf(GrayImage image)
    {
        ResultHash hash = default;
        foreach (byte pixel in image.Pixels.Span)
        {
            hash.Add(pixel);
        }

        return hash;
    }
}
