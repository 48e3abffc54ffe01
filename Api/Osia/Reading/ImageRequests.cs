using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Records;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>What an item says of its image, as the engine takes it.</summary>
internal static class ImageRequests
{
    private const int PlainBits = 8;

    public static Parsed<ImageRequest> Read(
        OsiaBiometricData item, Modality modality, string path, ImageSettings settings, ImageHeaders asked)
    {
        int? slap = Positions.SlapOf(item.BiometricSubType, modality);
        bool areBoth = Positions.IsBothEyes(item.BiometricSubType, modality);
        Parsed<BiometricPosition> position = slap is not null || areBoth
            ? Positions.UnknownOf(modality) : Positions.Read(item.BiometricSubType, modality, path);
        if ((position.Failure ?? MissingParts.FaultOf(item, path)) is { } fault)
        {
            return fault;
        }

        return new ImageRequest
        {
            Position = position.Value,
            BothEyes = areBoth,
            Slap = slap,
            Missing = slap is null ? [] : [.. MissingFingers(item)],
            Ppi = item.Resolution,
            RefusesAssumedResolution = asked.RefusesAssumedResolution,
            AllowsNative = settings.AllowsNative,
            Drawings = asked.Drawings,
        };
    }

    /// <summary>The fingers of a slap that its item names as missing, for any reason.</summary>
    private static IEnumerable<int> MissingFingers(OsiaBiometricData item) =>
        (item.Missing ?? [])
            .Where(part => part?.BiometricSubType is > BiometricSubType.Unknown and <= BiometricSubType.LeftLittle)
            .Select(part => (int)part!.BiometricSubType!.Value);

    /// <summary>
    /// The request for bytes that are pixels alone: of a stated size and no compression, and as many as that; or of a
    /// stated size where the bytes begin as no format does.
    /// </summary>
    public static ImageRequest WithRawSize(ImageRequest request, OsiaBiometricData item, byte[] bytes)
    {
        if (item.Width is not { } width || item.Height is not { } height || item.Bitdepth is not (null or PlainBits))
        {
            return request;
        }

        bool isPlain = item.Compression is CompressionType.None && bytes.Length == (long)width * height;
        bool isFile = ImageMagic.Of(bytes) is not null || PictureRecords.IsRecord(bytes) || item.Compression is not
            (null or CompressionType.None);
        return isPlain || !isFile ? request with { Raw = new RawSize(width, height) } : request;
    }
}
