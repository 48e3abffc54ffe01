using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Extraction;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>
/// The finger views that a calibration stands on, and which pairs of them are of different fingers.
/// </summary>
/// <param name="Views">One view per impression.</param>
/// <param name="Sets">The set of each view, so its sensor.</param>
/// <param name="FingerOf">The finger of each view, numbered over all sets from 0.</param>
/// <param name="Differ">Whether the views of two indexes are known to be of different fingers.</param>
internal sealed record FingerViews(
    IReadOnlyList<FingerView> Views,
    IReadOnlyList<string> Sets,
    IReadOnlyList<int> FingerOf,
    Func<int, int, bool> Differ)
{
    private const int SyntheticFinger = 2;

    /// <summary>What is read, or null after the console of errors was told why nothing is.</summary>
    public static FingerViews? Try(Func<FingerViews> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException)
        {
            Console.Error.WriteLine(e.Message);
            return null;
        }
    }

    /// <summary>Every impression of all sets; fingers known to be one under two names do not differ.</summary>
    /// <exception cref="InvalidDataException">The folder holds no set, or no record of it is readable.</exception>
    /// <param name="folder">Folder of sets.</param>
    /// <param name="ppi">Extracts the sets' pictures, of so many pixels per inch; null reads records.</param>
    /// <param name="warn">Is told of what is not readable.</param>
    public static FingerViews OfFolder(DirectoryInfo folder, StatedPpi? ppi, Action<string> warn)
    {
        PreparedImpression[] read =
        [
            .. Prepared([.. FvcFolder.Read(folder, ppi is not null).SelectMany(set => set)], ppi, warn)
                .Where(impression => impression.View is not null),
        ];
        if (read.Length == 0)
        {
            throw new InvalidDataException(
                $"found no readable {(ppi is null ? "record" : "picture")} under {folder.FullName}, wanted one at "
                + "least");
        }

        bool Differ(int i, int j) => read[i].Impression.Set == read[j].Impression.Set
            ? read[i].Impression.Finger != read[j].Impression.Finger
            : !SamePeople.AreOne(read[i].Impression, read[j].Impression);
        return new FingerViews(
            [.. read.Select(impression => impression.View!)],
            [.. read.Select(impression => impression.Impression.Set)],
            Numbered([.. read.Select(impression => (impression.Impression.Set, impression.Impression.Finger))]),
            Differ);
    }

    /// <summary>The right index finger of each synthetic person, enrolment captures.</summary>
    public static FingerViews OfSyntheticPeople(int people, ulong seed)
    {
        var population = new SyntheticPopulation(seed);
        return new FingerViews(
            [.. Enumerable.Range(0, people).Select(i => population.Person(i).Finger(SyntheticFinger, 0))],
            [.. Enumerable.Repeat("synthetic people", people)],
            [.. Enumerable.Range(0, people)],
            (_, _) => true);
    }

    /// <summary>What extracted them all; unknown where it was not one extractor, or is not stated.</summary>
    public FingerExtractorId Extractor { get; } =
        Views.Select(view => view.Extractor).Distinct().Count() == 1 ? Views[0].Extractor : FingerExtractorId.Unknown;

    /// <summary>What is taken off curves that are fitted to them, for another sensor, decibels.</summary>
    public double Allowance => Extractor == FingerExtractorId.Unknown ? 0 : SensorAllowance.Decibels;

    /// <summary>The committed curves that score them.</summary>
    public FingerCurves Committed => ScoreCalibration.Default.CurvesOf(Extractor);

    /// <summary>Those of the extractor that most are of, because curves are of one, and how many are left out.
    /// </summary>
    public (FingerViews Views, int LeftOut) OfOneExtractor()
    {
        int[] kept =
        [
            .. Enumerable.Range(0, Views.Count).GroupBy(i => Views[i].Extractor)
                .OrderByDescending(group => group.Count()).First(),
        ];
        return (
            new FingerViews(
                [.. kept.Select(i => Views[i])], [.. kept.Select(i => Sets[i])],
                Numbered([.. kept.Select(i => FingerOf[i])]), (i, j) => Differ(kept[i], kept[j])),
            Views.Count - kept.Length);
    }

    /// <summary>How many fingers they are of.</summary>
    public int Fingers { get; } = FingerOf.Distinct().Count();

    /// <summary>The set of each view, numbered from 0.</summary>
    public IReadOnlyList<int> SetOf { get; } = Numbered(Sets);

    /// <summary>Names by number.</summary>
    public IReadOnlyList<string> SetNames { get; } = [.. Sets.Distinct()];

    /// <summary>Whether two views are of different fingers and of one set.</summary>
    public bool DifferInside(int i, int j) => Sets[i] == Sets[j] && Differ(i, j);

    /// <summary>All comparisons of whole prints of different fingers.</summary>
    public IReadOnlyList<WholeComparison> NonMated()
    {
        FingerTemplate[] templates = [.. Views.Select(FingerTemplate.Prepare)];
        var scratch = new FingerScratch();
        List<WholeComparison> comparisons = [];
        for (int i = 0; i < templates.Length; i++)
        {
            for (int j = i + 1; j < templates.Length; j++)
            {
                if (Differ(i, j))
                {
                    comparisons.Add(new WholeComparison(
                        Sets[i] == Sets[j] ? Sets[i] : null,
                        i,
                        j,
                        FingerMatcher.Compare(templates[i], templates[j].Row, scratch).Strength,
                        Math.Min(templates[i].Cylinders, templates[j].Cylinders)));
                }
            }
        }

        return comparisons;
    }

    private static IReadOnlyList<PreparedImpression> Prepared(
        FvcImpression[] impressions, StatedPpi? ppi, Action<string> warn) => ppi is null
        ? FingerFiles.Prepare(impressions, warn)
        : [.. FingerFiles.Extract(impressions, ppi, warn).Select(AsStored)];

    /// <summary>As a gallery has it: a record rounds directions.</summary>
    private static PreparedImpression AsStored(PreparedImpression extracted) => extracted.View is null ? extracted
        : new PreparedImpression(extracted.Impression, FingerFiles.View(
            FingerRecords.Encode(TemplateFormat.Iso19794v2005, [extracted.View]), out _));

    /// <summary>Equal values get the same number, in the order in which they come.</summary>
    private static int[] Numbered<T>(IReadOnlyList<T> values)
        where T : notnull
    {
        Dictionary<T, int> numbers = [];
        return [.. values.Select(value => numbers.TryGetValue(value, out int number)
            ? number : numbers[value] = numbers.Count)];
    }
}

/// <summary>A comparison of whole prints of different fingers.</summary>
/// <param name="Set">The set of both; null where they are of two.</param>
/// <param name="First">Index of the one view.</param>
/// <param name="Second">Index of the other.</param>
/// <param name="Strength">Similarity and evidence, 0..65536.</param>
/// <param name="Cylinders">Cylinders of the smaller template.</param>
internal readonly record struct WholeComparison(
    string? Set, int First, int Second, int Strength, int Cylinders);
