using MatchCluster.Matching.Images;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;

namespace MatchCluster.Api.Http.Images;

/// <summary>What this server does with pictures.</summary>
internal sealed record ImageSettings
{
    public static ImageSettings Default { get; } = new();

    /// <summary>Scheme, host and port of the servers that imageRef may name; none where the list is empty.</summary>
    public IReadOnlyList<Uri> Origins { get; init; } = [];

    /// <summary>Whether JPEG and JPEG 2000 are read, which a native library does.</summary>
    public bool AllowsNative { get; init; } = true;

    /// <summary>What makes templates of a modality's pictures; null where nothing does.</summary>
    public Func<Modality, ITemplateExtractor?> Extractor { get; init; } =
        modality => ModalityTable.Of(modality).Extractor;

    /// <summary>Origins from a list of addresses separated by semicolons; null where one is none.</summary>
    public static IReadOnlyList<Uri>? ReadOrigins(string? list)
    {
        List<Uri> origins = [];
        foreach (string text in (list ?? "").Split(
            ';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? origin)
                || origin.Scheme is not ("http" or "https") || origin.UserInfo.Length > 0
                || origin.PathAndQuery != "/" || origin.Fragment.Length > 0)
            {
                return null;
            }

            origins.Add(origin);
        }

        return origins;
    }
}
