namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>Scores of one extractor, or of one program, under the name that plots and tables show.</summary>
internal sealed record DetSource(string Label, IReadOnlyDictionary<ImpressionPair, double> Scores);

/// <summary>What one source does in one set, or in several pooled.</summary>
/// <param name="Comparisons">Those that any source made; minus infinity where this one did not.</param>
/// <param name="Missing">Comparisons that this source did not make.</param>
internal sealed record DetSourceResult(string Label, IReadOnlyList<FvcComparison> Comparisons, int Missing)
{
    public ComparisonScores Scores { get; } = new(
        Comparisons.Where(c => c.IsMated).Select(c => c.Score),
        Comparisons.Where(c => !c.IsMated).Select(c => c.Score));
}

/// <summary>One set, or several pooled, with every source in it.</summary>
internal sealed record DetGroup(string Name, IReadOnlyList<DetSourceResult> Sources)
{
    /// <summary>
    /// Lays sources beside each other: the pairs are those that any of them compared, so that a source which has no
    /// template of an impression has missed its mates and is not judged by fewer comparisons.
    /// </summary>
    /// <param name="sources">One at least.</param>
    /// <param name="alone">Sets that are not pooled with the others.</param>
    /// <returns>The pooled sets first, where there are two of them, then each set by name.</returns>
    /// <exception cref="InvalidDataException">A set has no mated or no non-mated pair.</exception>
    public static IReadOnlyList<DetGroup> Of(IReadOnlyList<DetSource> sources, IReadOnlyCollection<string> alone)
    {
        IGrouping<string, ImpressionPair>[] sets =
        [
            .. sources.SelectMany(source => source.Scores.Keys).Distinct()
                .OrderBy(pair => pair.One, StringComparer.Ordinal)
                .ThenBy(pair => pair.Other, StringComparer.Ordinal)
                .GroupBy(pair => ImpressionPair.SetOf(pair.One)).OrderBy(set => set.Key, StringComparer.Ordinal),
        ];
        DetGroup[] groups = [.. sets.Select(set => Of(set.Key, [.. set], sources))];
        DetGroup[] pooled = [.. groups.Where(group => !alone.Contains(group.Name))];
        return pooled.Length < 2 ? groups : [Pool(pooled), .. groups];
    }

    private static DetGroup Of(string set, ImpressionPair[] pairs, IReadOnlyList<DetSource> sources)
    {
        Dictionary<string, int> subjects = [];
        (int One, int Other)[] numbers =
        [
            .. pairs.Select(pair => (
                NumberOf(subjects, ImpressionPair.SubjectOf(pair.One)),
                NumberOf(subjects, ImpressionPair.SubjectOf(pair.Other)))),
        ];
        int mated = numbers.Count(pair => pair.One == pair.Other);
        if (mated == 0 || mated == pairs.Length)
        {
            throw new InvalidDataException(
                $"set \"{set}\": found {mated} mated and {pairs.Length - mated} non-mated comparisons, wanted both");
        }

        return new DetGroup(
            set.Length == 0 ? "all" : set,
            [
                .. sources.Select(source => new DetSourceResult(
                    source.Label,
                    [
                        .. pairs.Select((pair, i) => new FvcComparison(
                            set, numbers[i].One, numbers[i].Other,
                            source.Scores.TryGetValue(pair, out double score) ? score : double.NegativeInfinity)),
                    ],
                    pairs.Count(pair => !source.Scores.ContainsKey(pair)))),
            ]);
    }

    private static DetGroup Pool(DetGroup[] groups) => new(
        "pooled",
        [
            .. groups[0].Sources.Select((source, i) => new DetSourceResult(
                source.Label,
                [.. groups.SelectMany(group => group.Sources[i].Comparisons)],
                groups.Sum(group => group.Sources[i].Missing))),
        ]);

    private static int NumberOf(Dictionary<string, int> numbers, string subject)
    {
        if (!numbers.TryGetValue(subject, out int number))
        {
            number = numbers.Count;
            numbers.Add(subject, number);
        }

        return number;
    }
}
