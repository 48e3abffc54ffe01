using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Telemetry;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>
/// What an answer must say about the reading of what was sent: names of what was not kept, so that the caller
/// is told and does not rely on us (names only, never values); and what was read though its format does not
/// allow it.
/// </summary>
internal sealed class NotStored
{
    private const int LongestName = 64;
    private const string ForgivenHeader = "MatchCluster-Forgiven";
    private const string ExtractedHeader = "MatchCluster-Extracted";
    private const string NotUsedHeader = "MatchCluster-Not-Used";

    private readonly SortedSet<string> names = new(StringComparer.Ordinal);
    private readonly List<string> notUsed = [];
    private readonly List<string> forgiven = [];
    private readonly SortedSet<string> codes = new(StringComparer.Ordinal);
    private readonly List<string> kept = [];
    private readonly List<string> notSearchable = [];
    private readonly List<ExtractedImage> extracted = [];
    private readonly List<string> opaque = [];

    /// <summary>True where what cannot be used is refused, false where it is left out and named.</summary>
    public bool RefusesUnsupported { get; init; }

    /// <summary>
    /// Whether what is read is searched with and not kept: memory that held a picture is cleared then.
    /// </summary>
    public bool AreProbes { get; set; }

    /// <summary>Told the type of each item that is of no modality here, whether it was refused or left out.</summary>
    public Action<BiometricType, bool>? OnNotCompared { get; init; }

    /// <summary>Told the type and bytes of each item that is kept though it is of no modality here.</summary>
    public Action<BiometricType, int>? OnOpaque { get; init; }

    /// <summary>Whether every gallery of what is read keeps pictures: they are stored then.</summary>
    public bool KeepsPictures { get; set; }

    /// <summary>How much is stored of items that nothing here compares; null where nothing is.</summary>
    public OpaqueLimits? Opaque { get; set; }

    /// <summary>Null where everything was kept and can be found, and nothing else is to be said.</summary>
    public PersonIdsOthers? Others => names.Count + forgiven.Count + kept.Count + notSearchable.Count
        + extracted.Count + opaque.Count == 0 ? null
        : new PersonIdsOthers(
            ListOf(names), Forgiven, ListOf(kept), ListOf(notSearchable), Extracted, ListOf(opaque));

    /// <summary>What the call asks about images.</summary>
    public ImageHeaders Images { get; init; } = ImageHeaders.None;

    /// <summary>Image by image what was extracted; null where nothing was.</summary>
    public IReadOnlyList<ExtractedImage>? Extracted => extracted.Count == 0 ? null : [.. extracted];

    /// <summary>Item by item what was forgiven; null where nothing was.</summary>
    public IReadOnlyList<string>? Forgiven => ListOf(forgiven);

    /// <summary>Items and images that were left out; null where none were.</summary>
    public IReadOnlyList<string>? NotUsed => ListOf(notUsed);

    /// <summary>Notes for a call, with what its header says about items that cannot be used.</summary>
    public static NotStored For(HttpContext http)
    {
        NotStored notes = new()
        {
            RefusesUnsupported = Unsupported.IsRefused(http.Request),
            Images = ImageHeaders.Of(http.Request),
            OnNotCompared = http.RequestServices.GetService<ItemMetrics>() is not { } metrics ? null
                : (type, isProbe) => metrics.LeftOut(EnumWords<BiometricType>.Of(type), isProbe),
            OnOpaque = http.RequestServices.GetService<ItemMetrics>() is not { } counts ? null
                : (type, bytes) => counts.Kept(EnumWords<BiometricType>.Of(type), bytes),
        };
        notes.AddIf(http.Features.Get<OpenedBody>()?.HasIntegrity == true, IntegrityBlock.Name);
        return notes;
    }

    public void Add(string name)
    {
        if (names.Count < ApiLimits.NotStoredNames)
        {
            names.Add(name.Length <= LongestName ? name : name[..LongestName] + "...");
        }
    }

    /// <summary>Notes the samples that are kept and that no search can find.</summary>
    public void AddNotSearchable(IReadOnlyList<Sample> samples)
    {
        for (int i = 0; i < samples.Count; i++)
        {
            if (SearchableSamples.WhyNot(samples[i]) is { } why)
            {
                notSearchable.Add($"sample {i}, {samples[i].Position}: {why}");
            }
        }
    }

    public void AddIf(bool sent, string name)
    {
        if (sent)
        {
            Add(name);
        }
    }

    /// <summary>An item or an image that is neither stored nor searched with.</summary>
    public void LeaveOut(string name)
    {
        Add(name);
        if (notUsed.Count < ApiLimits.NotStoredNames)
        {
            notUsed.Add(name);
        }
    }

    /// <summary>Notes the templates that were made of an image.</summary>
    public void AddExtracted(string path, IReadOnlyList<ExtractedTemplate> all) =>
        extracted.AddRange(all.Select(each => new ExtractedImage(
            path, Positions.SubTypeOf(each.Position), each.Quality, each.Features,
            each.Notes.Count == 0 ? null : [.. each.Notes.Select(note => note.ToString())],
            ExtractedBox.Of(each.Box))
        {
            IsOfSeveral = all.Count > 1 || each.Box is not null,
            PictureKept = KeepsPictures ? true : null,
        }));

    /// <summary>An item that is stored as it is, and that nothing here compares.</summary>
    public void AddOpaque(string path, BiometricType type, int bytes)
    {
        opaque.Add($"{path}: {EnumWords<BiometricType>.Of(type)}");
        OnOpaque?.Invoke(type, bytes);
    }

    /// <summary>Something that was stored before, was not sent again and is still there.</summary>
    public void Keep(string name) => kept.Add(name);

    /// <summary>What the decoder forgave in one item.</summary>
    public void Forgive(string path, IReadOnlyList<Forgiven> kinds)
    {
        foreach (Forgiven kind in kinds)
        {
            codes.Add(kind.Code);
            if (forgiven.Count < ApiLimits.NotStoredNames)
            {
                forgiven.Add($"{path}: {kind}");
            }
        }
    }

    /// <summary>Says in headers what a search, a verification or an explanation forgave and left out.</summary>
    public void Describe(HttpResponse response)
    {
        if (codes.Count > 0)
        {
            response.Headers[ForgivenHeader] = string.Join(", ", codes);
        }

        if (notUsed.Count > 0)
        {
            response.Headers[NotUsedHeader] = string.Join(", ", notUsed);
        }

        if (extracted.Count > 0)
        {
            response.Headers[ExtractedHeader] = string.Join(", ", extracted.Select(each => each.InHeader));
        }
    }

    private static IReadOnlyList<string>? ListOf(IReadOnlyCollection<string> found) =>
        found.Count == 0 ? null : [.. found];
}
