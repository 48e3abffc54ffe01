using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Images.Records;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>
/// Makes templates of the images in biometric items, before the items are read. It runs on the engine's threads, at
/// most half of the processors at once and so many waiting; images are handed on only where they are to be kept.
/// </summary>
internal sealed class ImageItems(EngineCalls calls, ImageSettings settings, ImageFetcher fetcher) : IDisposable
{
    /// <summary>Single calls with images that wait; each takes some 20 ms.</summary>
    private const int MostWaiting = 64;

    /// <summary>
    /// Pictures that are fetched or were fetched and not read yet: 256 MB. No body is counted for them, and streams may
    /// name one in each of many lines.
    /// </summary>
    internal const int MostFetched = 32;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim places = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly SemaphoreSlim fetched = new(MostFetched);
    private int waiting;

    /// <summary>The items with what was extracted of their images; those without a usable image as they are.</summary>
    /// <param name="items">As they were sent.</param>
    /// <param name="path">Their place in the body.</param>
    /// <param name="notes">Knows what the call's headers ask, and gets what was found.</param>
    /// <param name="budget">How long the caller waits.</param>
    /// <param name="isPatient">Whether the call waits where others would be refused, as a stream does.</param>
    public async ValueTask<Parsed<IReadOnlyList<OsiaBiometricData?>>> ExtractAsync(
        IReadOnlyList<OsiaBiometricData?> items, string path, NotStored notes, SearchBudget budget,
        bool isPatient = false)
    {
        OsiaBiometricData?[]? extracted = null;
        int templates = 0;
        for (int i = 0; i < items.Count && items.Count <= Limits.SamplesPerEncounter; i++)
        {
            if (items[i] is not { } item || ExtractorFor(item, notes.Images) is not { } extractor)
            {
                continue;
            }

            Parsed<OsiaBiometricData> read =
                await CountedAsync(item, extractor, $"{path}[{i}]", notes, budget, isPatient);
            if (read.IsFailed)
            {
                return read.Failure;
            }

            extracted ??= [.. items];
            extracted[i] = read.Value;
            templates += read.Value.Extracted!.Count;
            if (templates > Limits.SamplesPerEncounter)
            {
                return new Failure(
                    FailureCode.InvalidBiometricData,
                    $"{path}: found {templates} templates in the images up to [{i}], "
                    + $"wanted at most {Limits.SamplesPerEncounter}");
            }
        }

        return Parsed<IReadOnlyList<OsiaBiometricData?>>.Of(extracted ?? items);
    }

    /// <summary>One item with what was extracted of its image, or why nothing was.</summary>
    public async ValueTask<Parsed<OsiaBiometricData>> ExtractOneAsync(
        OsiaBiometricData? item, string path, NotStored notes, SearchBudget budget) =>
        item is not null && ExtractorFor(item, notes.Images) is { } extractor
            ? await CountedAsync(item, extractor, path, notes, budget, isPatient: false)
            : BiometricItem.Read(
                item, path, new BiometricItems([], []), new NotStored { RefusesUnsupported = true })
                ?? new Failure(
                    FailureCode.InvalidBiometricData,
                    $"{path}.image: found nothing, wanted a picture in image, or its address in imageRef");

    /// <summary>The samples of items, with those that are extracted of images.</summary>
    public async ValueTask<Parsed<List<Sample>>> ReadAsync(
        IReadOnlyList<OsiaBiometricData?> items, string path, NotStored notes, SearchBudget budget)
    {
        notes.AreProbes = true;
        Parsed<IReadOnlyList<OsiaBiometricData?>> extracted = await ExtractAsync(items, path, notes, budget);
        return extracted.IsFailed ? extracted.Failure : BiometricDataReader.Read(extracted.Value, path, notes);
    }

    /// <summary>The samples to search with; the list has at least one.</summary>
    public async ValueTask<Parsed<List<Sample>>> ReadProbeAsync(
        IReadOnlyList<OsiaBiometricData?> items, string path, NotStored notes, SearchBudget budget,
        bool isPatient = false)
    {
        notes.AreProbes = true;
        Parsed<IReadOnlyList<OsiaBiometricData?>> extracted = await ExtractAsync(items, path, notes, budget, isPatient);
        return extracted.IsFailed ? extracted.Failure : BiometricDataReader.ReadProbe(extracted.Value, path, notes);
    }

    public void Dispose()
    {
        places.Dispose();
        fetched.Dispose();
    }

    /// <summary>What extracts the image of an item; null where it has none, or one that is not used.</summary>
    private ITemplateExtractor? ExtractorFor(OsiaBiometricData item, ImageHeaders asked)
    {
        bool hasImage = item.Image is not null || (item.ImageRef is { } address && fetcher.MayFetch(address));
        bool isUsed = item.Template is null || asked.PrefersImages;
        return hasImage && isUsed && !BiometricItem.IsProtected(item)
            && Positions.ModalityOf(item.BiometricType, "") is { IsFailed: false, Value: { } modality }
            ? settings.Extractor(modality) : null;
    }

    private async ValueTask<Parsed<OsiaBiometricData>> CountedAsync(
        OsiaBiometricData item, ITemplateExtractor extractor, string path, NotStored notes, SearchBudget budget,
        bool isPatient)
    {
        // Lines of streams wait with their streams: they must not make single calls be refused.
        int inside = isPatient ? 0 : Interlocked.Increment(ref waiting);
        try
        {
            return inside > MostWaiting
                ? new Failure(FailureCode.Overloaded, $"{MostWaiting} images are waiting", Soon)
                : item.Image is not null ? await ExtractAsync(item, extractor, path, notes, budget)
                : await FetchedAsync(item, extractor, path, notes, budget);
        }
        catch (OperationCanceledException) when (budget.IsSpent)
        {
            return Failure.DeadlinePassed;
        }
        finally
        {
            if (!isPatient)
            {
                Interlocked.Decrement(ref waiting);
            }
        }
    }

    /// <summary>
    /// Runs some work on an engine's thread with one of the places. The place is given back when the work ends and not
    /// when its caller leaves: until then the thread is taken from searches.
    /// </summary>
    private async ValueTask<CallResult<T>> InTurnAsync<T>(Func<T> work, SearchBudget budget) =>
        await places.WaitAsync(budget.Remaining, budget.Cancel)
            ? await calls.RunAsync(work, budget, () => places.Release()) : default;

    /// <summary>The templates of all pictures of an image. Each picture has a turn of its own.</summary>
    private async ValueTask<CallResult<Decoded<ExtractedTemplates>>> TemplatesAsync(
        ModalityRules rules, ITemplateExtractor extractor, ImageBytes image, SearchBudget budget)
    {
        CallResult<Decoded<RecordPictures>> opened = await InTurnAsync(
            () => ImageExtraction.Open(image.Bytes, image.Asked), budget);
        if (!opened.IsInTime || !opened.Value.IsAccepted)
        {
            return opened.IsInTime ? new(true, opened.Value.Rejection!) : default;
        }

        List<ExtractedTemplate> all = [];
        long drawn = 0;
        foreach (RecordPicture picture in opened.Value.Value.Pictures)
        {
            CallResult<Decoded<ExtractedTemplates>> made = await InTurnAsync(
                () => ImageExtraction.Extract(rules, extractor, picture, image.Asked), budget);
            if (!made.IsInTime || !made.Value.IsAccepted)
            {
                return made;
            }

            all.AddRange(made.Value.Value.All);
            drawn += made.Value.Value.All.Sum(
                each => each.Drawn?.Drawings.Sum(one => (long)one.Bytes.Length) ?? 0);
            if (all.Count > Limits.SamplesPerEncounter || drawn > ApiLimits.DrawingBytes)
            {
                return new(true, new Rejection(
                    -1, $"{all.Count} templates with {drawn} bytes of drawings in its pictures so far",
                    $"at most {Limits.SamplesPerEncounter} with {ApiLimits.DrawingBytes}"));
            }
        }

        return new(true, new ExtractedTemplates(all));
    }

    private async ValueTask<Parsed<OsiaBiometricData>> FetchedAsync(
        OsiaBiometricData item, ITemplateExtractor extractor, string path, NotStored notes, SearchBudget budget)
    {
        if (!await fetched.WaitAsync(budget.Remaining, budget.Cancel))
        {
            return Failure.DeadlinePassed;
        }

        try
        {
            return await ExtractAsync(item, extractor, path, notes, budget);
        }
        finally
        {
            fetched.Release();
        }
    }

    private async ValueTask<Parsed<OsiaBiometricData>> ExtractAsync(
        OsiaBiometricData item, ITemplateExtractor extractor, string path, NotStored notes, SearchBudget budget)
    {
        Modality modality = Positions.ModalityOf(item.BiometricType, path).Value!.Value;
        Parsed<byte[]> bytes = item.Image is { } text ? FromText(text, path)
            : await fetcher.FetchAsync(item.ImageRef!, path, budget.Remaining, budget.Cancel);
        Parsed<ImageRequest> request = ImageRequests.Read(item, modality, path, settings, notes.Images);
        if (bytes.IsFailed || request.IsFailed)
        {
            return (bytes.Failure ?? request.Failure)!;
        }

        ImageRequest asked = ImageRequests.WithRawSize(request.Value, item, bytes.Value);
        CallResult<Decoded<ExtractedTemplates>> made = await TemplatesAsync(
            ModalityTable.Of(modality), extractor, new ImageBytes(bytes.Value, asked), budget);
        if (notes.AreProbes)
        {
            Erasure.Clear(bytes.Value);
        }

        if (!made.IsInTime)
        {
            return Failure.DeadlinePassed;
        }

        string name = item.Image is null ? "imageRef" : "image";
        if (!made.Value.IsAccepted)
        {
            return new Failure(FailureCode.RejectedImage, $"{path}.{name}: {made.Value.Rejection}");
        }

        IReadOnlyList<ExtractedTemplate> all = made.Value.Value.All;
        if (notes.Images.LeastQuality is { } least && all.FirstOrDefault(each => each.Quality < least) is { } poor)
        {
            return new Failure(
                FailureCode.QualityTooLow,
                $"{path}.{name}: found quality {poor.Quality}{(all.Count > 1 ? $" of {poor.Position}" : "")}, "
                    + $"wanted at least {least}"
                    + (poor.Notes.Count > 0 ? $" ({string.Join("; ", poor.Notes)})" : ""));
        }

        notes.AddExtracted(path, all);
        if (item.Template is not null)
        {
            notes.LeaveOut("biometricData.template");
        }

        return item with
        {
            Extracted = all,
            Kept = notes.KeepsPictures && !notes.AreProbes ? KeptOf(bytes.Value, asked) : null,
            Image = null,
            ImageRef = null,
            Template = null,
            TemplateFormat = null,
        };
    }

    /// <summary>The picture with what its item said of it; which samples are of it is known later.</summary>
    private static Picture KeptOf(byte[] bytes, ImageRequest asked) => Picture.Of(bytes, []) with
    {
        Slap = asked.Slap,
        AreBothEyes = asked.BothEyes,
        Ppi = asked.Ppi,
        Raw = asked.Raw is { } raw ? (raw.Width, raw.Height) : null,
    };

    private static Parsed<byte[]> FromText(string text, string path) =>
        Base64Text.Decode(text) is { } bytes ? bytes
            : new Failure(FailureCode.RejectedImage, $"{path}.image: found text that is not base64, wanted base64");

    /// <summary>An image and what its caller says of it.</summary>
    private readonly record struct ImageBytes(byte[] Bytes, ImageRequest Asked);
}
