using System.Text.Json.Nodes;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Png;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Tests.Extraction;

namespace MatchCluster.Api.Tests.Images;

/// <summary>Pictures of fingers and eyes that nobody has, and items that hold them.</summary>
internal static class Pictures
{
    /// <summary>
    /// A print of 500 ppi that the server's own extractor reads; another noise is another picture of the same finger.
    /// </summary>
    public static GrayImage Print(int seed, int noise = 20) =>
        new DrawnPrint(seed, 224, 280, minutiae: 18, noise: noise).Image;

    /// <summary>An eye; another capture is another picture of the same eye.</summary>
    public static GrayImage Eye(ulong seed, ulong capture = 0) => new SyntheticEye(seed).Take(
        new EyeView(320, 240, 160 + (3 * (double)capture), 122, 70) { Capture = capture });

    public static byte[] Png(GrayImage image) => PngWriter.Write(image);

    public static JsonObject Item(string type, string subType, byte[] image, int? resolution = null)
    {
        JsonObject item = new()
        {
            ["biometricType"] = type,
            ["biometricSubType"] = subType,
            ["image"] = Convert.ToBase64String(image),
        };
        if (resolution is { } ppi)
        {
            item["resolution"] = ppi;
        }

        return item;
    }
}
