using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// Codes of one eye from its picture: reflections filled, pupil and outer border as closed contours, lids
/// and lashes masked, the iris unrolled, both profiles in one pass. Arithmetic is of integers, and of
/// doubles in a fixed order: the codes are the same on every CPU.
/// </summary>
/// <remarks>
/// Works on pictures of one eye with an iris of 90 to 400 pixels across (larger ones are halved first),
/// under near-infrared light or in the red channel. What is no such picture gets a reason.
/// </remarks>
public static class IrisEncoder
{
    /// <summary>The longer side from which on a picture is halved before anything else.</summary>
    private const int LongestSide = 1600;

    /// <summary>Smallest picture: an iris of 90 pixels with some room around it.</summary>
    private const int ShortestSide = 96;

    /// <summary>Least rise of the grey value from iris to sclera, and least score of both borders.</summary>
    private const double LeastLimbusContrast = 3;
    private const double LeastScore = 100;

    /// <summary>
    /// Share of the iris that must be visible to be encoded at all; far less than good quality wants.
    /// </summary>
    private const double LeastVisible = 0.2;

    /// <summary>
    /// Deviation of the grey values of an iris, in grey values, below which it has no texture.
    /// </summary>
    private const double LeastTexture = 1.0;

    /// <summary>
    /// Deviation above which it is no iris: the strongest of 756 real ones has 13, drawn ones have up to 17.
    /// </summary>
    private const double MostTexture = 35;

    private static readonly IrisCodeFilter Wide = new(
        IrisShape.W16384, [new(20, 7, 28), new(8, 2, 8)], 6, 3.0, 70, 0.1);

    private static readonly IrisCodeFilter Narrow = new(IrisShape.D2048, [new(24, 8, 24)], 8, 4.0, 70, 0.1);

    /// <summary>The codes of the eye, or why there are none.</summary>
    /// <param name="image">Any picture within <see cref="ImageLimits"/>.</param>
    /// <param name="eye">Which eye it is, as the codes will say.</param>
    /// <exception cref="ArgumentException">The position is not an eye.</exception>
    public static Decoded<IrisEncoded> Encode(GrayImage image, BiometricPosition eye)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (eye.Modality != Modality.Iris)
        {
            throw new ArgumentException($"found the position {eye}, wanted an eye", nameof(eye));
        }

        if (Math.Min(image.Width, image.Height) < ShortestSide)
        {
            return new Rejection(
                -1, $"a picture of {image.Width} x {image.Height} pixels", $"{ShortestSide} pixels on each side");
        }

        GrayPlane plane = new(image.Width, image.Height, Contrast.Stretched(image.Pixels.Span), 0);
        int scale = 1;
        while (Math.Max(plane.Width, plane.Height) > LongestSide)
        {
            GrayPlane half = plane.Half();
            plane = new GrayPlane(half.Width, half.Height, half.Pixels, 0);
            scale *= 2;
        }

        EyeLevels levels = new(plane);
        Decoded<EyeSegmentation> found = EyeSegmenter.Find(levels);
        return found.IsAccepted ? Encode(levels, found.Value, eye, scale) : found.Rejection;
    }

    private static Decoded<IrisEncoded> Encode(
        EyeLevels levels, EyeSegmentation found, BiometricPosition eye, int scale)
    {
        if (found.LimbusContrast < LeastLimbusContrast || found.Score < LeastScore)
        {
            return new Rejection(
                -1, "no clear border between iris and sclera (" + FormattableString.Invariant(
                    $"contrast {found.LimbusContrast:0.0}, score {found.Score:0})"),
                $"a contrast of {LeastLimbusContrast} and a score of {LeastScore} at least");
        }

        if (found.Limbus.Radius < LimbusSearch.LeastRadius)
        {
            return new Rejection(
                -1, FormattableString.Invariant($"an iris of {2 * found.Limbus.Radius * scale:0} pixels across"),
                $"{2 * LimbusSearch.LeastRadius} at least");
        }

        if (PrintRidges.In(levels, found) is { } ridges)
        {
            return new Rejection(-1, ridges, $"a picture of an eye: {PrintRidges.Wanted}");
        }

        PolarIris iris = PolarIris.Read(levels, found);
        if (iris.VisibleShare < LeastVisible)
        {
            return new Rejection(
                -1, FormattableString.Invariant($"{100 * iris.VisibleShare:0} % of the iris visible"),
                $"at least {100 * LeastVisible} %; lids, lashes or reflections cover it");
        }

        if (iris.Texture < LeastTexture)
        {
            return new Rejection(
                -1, FormattableString.Invariant($"an iris without texture (deviation {iris.Texture:0.0} grey values)"),
                $"{LeastTexture} grey value at least");
        }

        if (iris.Texture > MostTexture)
        {
            return new Rejection(
                -1, FormattableString.Invariant(
                    $"a pattern stronger than that of any iris (deviation {iris.Texture:0.0} grey values)"),
                $"at most {MostTexture} grey values");
        }

        IrisImageQuality quality = IrisImageQuality.Of(levels, found, iris);
        quality = quality with { Radius = quality.Radius * scale };
        IrisOutline outline = new(
            Scaled(found.Pupil.Contour, scale), Scaled(found.Limbus, scale), found.Upper, found.Lower, found.Doubt);
        return new IrisEncoded(
            Code(Narrow, iris, IrisShape.D2048, eye, quality.Overall),
            Code(Wide, iris, IrisShape.W16384, eye, quality.Overall),
            quality, PresentationSigns.Of(levels, found, iris), outline, iris);
    }

    private static EyeContour Scaled(EyeContour contour, int scale) => scale == 1 ? contour : new EyeContour(
        ((contour.CentreX + 0.5) * scale) - 0.5, ((contour.CentreY + 0.5) * scale) - 0.5,
        [.. contour.Series.Select(amplitude => amplitude * scale)]);

    private static IrisCode Code(
        IrisCodeFilter filter, PolarIris iris, IrisShape shape, BiometricPosition eye, int quality)
    {
        (ulong[] code, ulong[] mask) = filter.Encode(iris);
        return new IrisCode
        {
            Position = eye,
            Shape = shape,
            Code = code,
            Mask = mask,
            Quality = quality,
            Encoder = IrisEncoderId.MatchCluster1,
        };
    }
}
