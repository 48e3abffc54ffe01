using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// Encodes the eyes of a picture that may show both: a face, or two frames of a camera side by side. In a picture that
/// is not mirrored the right eye is on the left.
/// </summary>
/// <remarks>
/// The clearest eye of the whole picture comes first. A second one is looked for beside it where there is room for it,
/// and counts where it is about as large and not much higher or lower. A usual picture of one eye leaves no such room,
/// so that it costs no time.
/// </remarks>
public static class EyePair
{
    /// <summary>Radii of the first iris from its centre to the part of the picture that may show the second.</summary>
    private const double Gap = 2.5;

    /// <summary>Radii that such a part is wide at least.</summary>
    private const double LeastRoom = 3.5;

    /// <summary>Radii above and below the first eye that are looked at.</summary>
    private const double Reach = 4;

    /// <summary>How much larger one iris of a pair may be than the other one.</summary>
    private const double MostRatio = 1.35;

    /// <summary>The difference in height of two eyes over their distance: a head tilted by 27 degrees.</summary>
    private const double MostTilt = 0.5;

    /// <summary>The doubt from which on an eye is looked at once more.</summary>
    private const double Doubtful = 0.65;

    /// <summary>Width over height from which on a picture is halved where no eye was found in the whole.</summary>
    private const double Wide = 1.8;

    /// <summary>One eye under the label given, or the right and the left one; or why there is none.</summary>
    /// <param name="image">Any picture within <see cref="ImageLimits"/>.</param>
    /// <param name="eye">Which eye it is, where it is one.</param>
    public static Decoded<IReadOnlyList<IrisEncoded>> Encode(GrayImage image, BiometricPosition eye)
    {
        ArgumentNullException.ThrowIfNull(image);
        Decoded<IrisEncoded> first = IrisEncoder.Encode(image, eye);
        if (!first.IsAccepted)
        {
            return image.Width < Wide * image.Height ? first.Rejection : OfHalves(image, eye, first.Rejection);
        }

        IrisEncoded clearest = Closer(image, first.Value, eye);
        EyeContour found = clearest.Outline.Limbus;
        IrisEncoded? second = Beside(image, found, 0, found.MiddleX - (Gap * found.Radius), eye)
            ?? Beside(image, found, found.MiddleX + (Gap * found.Radius), image.Width, eye);
        return Together(clearest, second);
    }

    /// <summary>
    /// An eye that is doubtful and small in its picture once more from its surroundings alone, where it is surer.
    /// </summary>
    private static IrisEncoded Closer(GrayImage image, IrisEncoded eye, BiometricPosition label)
    {
        EyeContour limbus = eye.Outline.Limbus;
        double reach = Reach * limbus.Radius;
        if (eye.Outline.Doubt < Doubtful || 4 * reach > Math.Min(image.Width, image.Height))
        {
            return eye;
        }

        IrisEncoded? closer = In(
            image, (int)Math.Max(0, limbus.MiddleX - reach), (int)Math.Max(0, limbus.MiddleY - reach),
            (int)Math.Min(image.Width, limbus.MiddleX + reach), (int)Math.Min(image.Height, limbus.MiddleY + reach),
            label);
        return closer?.Outline.Doubt < eye.Outline.Doubt ? closer : eye;
    }

    /// <summary>The eyes of both halves of a wide picture; the rejection where there is none either.</summary>
    private static Decoded<IReadOnlyList<IrisEncoded>> OfHalves(
        GrayImage image, BiometricPosition eye, Rejection nothing)
    {
        IrisEncoded? left = In(image, 0, 0, image.Width / 2, image.Height, eye);
        IrisEncoded? right = In(image, image.Width / 2, 0, image.Width, image.Height, eye);
        return left is null && right is null ? nothing
            : left is null || right is null ? Together(left ?? right!, null)
            : Together(left, ArePair(left.Outline.Limbus, right.Outline.Limbus) ? right : null);
    }

    private static IrisEncoded? Beside(
        GrayImage image, EyeContour first, double from, double to, BiometricPosition eye)
    {
        if (to - from < LeastRoom * first.Radius)
        {
            return null;
        }

        IrisEncoded? second = In(
            image, (int)from, (int)Math.Max(0, first.MiddleY - (Reach * first.Radius)), (int)to,
            (int)Math.Min(image.Height, first.MiddleY + (Reach * first.Radius)), eye);
        return second is not null && ArePair(first, second.Outline.Limbus) ? second : null;
    }

    private static bool ArePair(EyeContour one, EyeContour other)
    {
        double ratio = Math.Max(one.Radius, other.Radius) / Math.Min(one.Radius, other.Radius);
        double across = Math.Abs(one.MiddleX - other.MiddleX);
        return ratio <= MostRatio && Math.Abs(one.MiddleY - other.MiddleY) <= MostTilt * across;
    }

    private static Decoded<IReadOnlyList<IrisEncoded>> Together(IrisEncoded one, IrisEncoded? other)
    {
        IrisEncoded[] eyes = other is null ? [one]
            : one.Outline.Limbus.MiddleX < other.Outline.Limbus.MiddleX
                ? [one.Labelled(BiometricPosition.RightEye), other.Labelled(BiometricPosition.LeftEye)]
                : [other.Labelled(BiometricPosition.RightEye), one.Labelled(BiometricPosition.LeftEye)];
        return eyes;
    }

    /// <summary>The eye of a part of a picture, its outline in pixels of the whole; null where there is none.</summary>
    private static IrisEncoded? In(GrayImage image, int left, int top, int right, int bottom, BiometricPosition eye)
    {
        int width = right - left;
        byte[] pixels = new byte[width * (bottom - top)];
        for (int y = top; y < bottom; y++)
        {
            image.Pixels.Span.Slice((y * image.Width) + left, width).CopyTo(pixels.AsSpan((y - top) * width));
        }

        Decoded<IrisEncoded> found = IrisEncoder.Encode(new GrayImage(width, bottom - top, pixels), eye);
        return found.IsAccepted ? found.Value.MovedBy(left, top) : null;
    }
}
