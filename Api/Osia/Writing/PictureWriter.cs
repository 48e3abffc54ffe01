using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Osia.Writing;

/// <summary>
/// Stored pictures in OSIA's words: beside the template that was extracted of one, or as an item of their own where
/// several templates were.
/// </summary>
internal static class PictureWriter
{
    private const int PlainBits = 8;

    /// <summary>A sample's item with the picture that is of it alone.</summary>
    public static OsiaBiometricData WithPicture(this OsiaBiometricData item, Encounter encounter, int sample) =>
        encounter.Pictures.FirstOrDefault(one => one.IsRead && one.Samples is [var only] && only == sample)
            is { } picture ? With(item, picture) : item;

    /// <summary>Items of pictures that several templates were extracted of.</summary>
    public static IEnumerable<OsiaBiometricData> OfSeveral(Encounter encounter) =>
        encounter.Pictures
            .Where(one => one.IsRead && one.Samples.Count > 1 && one.Samples[^1] < encounter.Samples.Count)
            .Select(picture => With(
                new OsiaBiometricData
                {
                    BiometricType = Positions.TypeOf(encounter.Samples[picture.Samples[0]].Position.Modality),
                    BiometricSubType = picture.AreBothEyes ? BiometricSubType.EyeBoth : Positions.LabelOf(picture.Slap),
                    Instance = encounter.Samples[picture.Samples[0]].Instance,
                    EncounterId = encounter.EncounterId,
                },
                picture));

    /// <summary>Items of types that are not compared, as they came.</summary>
    public static IEnumerable<OsiaBiometricData> OpaqueOf(Encounter encounter) =>
        encounter.Pictures.Where(one => one.IsOpaque && one.IsRead)
            .Select(one => OpaqueItems.Of(one.Content.Span)).OfType<OsiaBiometricData>()
            .Select(item => item with { EncounterId = encounter.EncounterId });

    private static OsiaBiometricData With(OsiaBiometricData item, Picture picture) => item with
    {
        Image = Convert.ToBase64String(picture.Content.Span),
        Resolution = picture.Ppi,
        Width = picture.Raw?.Width,
        Height = picture.Raw?.Height,
        Bitdepth = picture.Raw is null ? null : PlainBits,
        Compression = picture.Raw is null ? null : CompressionType.None,
    };
}
