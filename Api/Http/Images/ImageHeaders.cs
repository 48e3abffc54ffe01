using System.Globalization;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Images;

namespace MatchCluster.Api.Http.Images;

/// <summary>
/// What a caller asks about pictures beyond the contract: which of template and image counts where an item has both,
/// whether a resolution may be assumed, and the least quality.
/// </summary>
/// <param name="PrefersImages">True where the image counts and the template is left out.</param>
/// <param name="RefusesAssumedResolution">True where a picture whose resolution nobody states is refused.</param>
/// <param name="LeastQuality">Quality 0..100 below which what was extracted is refused; null for none.</param>
internal sealed record ImageHeaders(bool PrefersImages, bool RefusesAssumedResolution, int? LeastQuality)
{
    public const string Prefer = "MatchCluster-Prefer";
    public const string Resolution = "MatchCluster-Resolution";
    public const string QualityMin = "MatchCluster-Quality-Min";

    private const string Image = "image";
    private const string Template = "template";
    private const string Stated = "stated";
    private const string Assumed = "assumed";
    public const int BestQuality = 100;

    /// <summary>What the header of preference may say.</summary>
    public static IReadOnlyList<string> Preferences { get; } = [Template, Image];

    /// <summary>What the header of resolution may say.</summary>
    public static IReadOnlyList<string> Resolutions { get; } = [Assumed, Stated];

    public static ImageHeaders None { get; } = new(false, false, null);

    /// <summary>The failure of a header of another value, or null.</summary>
    public static Failure? Check(HttpRequest request) =>
        request.Headers[Prefer].ToString() is not ("" or Image or Template)
            ? Failure.Invalid(Prefer, request.Headers[Prefer], $"{Template} or {Image}")
        : request.Headers[Resolution].ToString() is not ("" or Stated or Assumed)
            ? Failure.Invalid(Resolution, request.Headers[Resolution], $"{Assumed} or {Stated}")
        : QualityOf(request) is null && request.Headers[QualityMin] is { Count: > 0 } sent
            ? Failure.Invalid(QualityMin, sent, $"0..{BestQuality}")
            : null;

    /// <summary>What is to be drawn of each picture: asked in a query, by one door alone.</summary>
    public IReadOnlyList<DrawingKind> Drawings { get; init; } = [];

    /// <summary>Headers that were checked.</summary>
    /// <param name="request">The call.</param>
    /// <param name="prefersImages">Whether the image counts where the header of preference is missing.</param>
    public static ImageHeaders Of(HttpRequest request, bool prefersImages = false) => new(
        request.Headers[Prefer].ToString() is var prefer && (prefer.Length == 0 ? prefersImages : prefer == Image),
        request.Headers[Resolution].ToString() == Stated, QualityOf(request));

    private static int? QualityOf(HttpRequest request) =>
        int.TryParse(
            request.Headers[QualityMin].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int value)
        && value <= BestQuality ? value : null;
}
