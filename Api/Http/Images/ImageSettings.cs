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
}
