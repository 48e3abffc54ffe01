using System.Globalization;

namespace MatchCluster.Benchmarks.Accuracy;

/// <summary>
/// Two impressions that were compared, whichever was the probe. A name is SET/F_I (finger or eye F, impression I); of a
/// longer path the last folder is the set, and without a folder the set has no name.
/// </summary>
internal readonly record struct ImpressionPair
{
    public ImpressionPair(string one, string other)
    {
        (One, Other) = string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);
    }

    public string One { get; }

    public string Other { get; }

    /// <summary>The set of an impression; empty where its name has no folder.</summary>
    public static string SetOf(string name) => Path.GetFileName(Path.GetDirectoryName(name) ?? "");

    /// <summary>What stands before the first underscore of the file's name: the finger or the eye.</summary>
    public static string SubjectOf(string name) => Path.GetFileName(name).Split('_')[0];
}

/// <summary>
/// Scores of a program as plain text, <c>PROBE GALLERY SCORE</c> a line: what a matcher outside this project can write
/// easily. Tabs separate them where a line holds one, so that names may hold spaces, and spaces where it holds none.
/// </summary>
internal static class ScoreFile
{
    /// <param name="file">The file; empty lines are passed over.</param>
    /// <param name="areDistances">The lower the more alike; they are negated.</param>
    /// <exception cref="InvalidDataException">A line is none, names two sets, or a pair occurs twice; the message
    /// names the file and the line.</exception>
    public static IReadOnlyDictionary<ImpressionPair, double> Read(FileInfo file, bool areDistances)
    {
        Dictionary<ImpressionPair, double> scores = [];
        int number = 0;
        foreach (string line in File.ReadLines(file.FullName))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            string[] parts = line.Split(line.Contains('\t') ? '\t' : ' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length != 3 || !double.TryParse(parts[2], CultureInfo.InvariantCulture, out double score)
                || double.IsNaN(score))
            {
                throw new InvalidDataException(
                    $"{file.FullName}, line {number}: found \"{line}\", wanted PROBE GALLERY SCORE");
            }

            if (ImpressionPair.SetOf(parts[0]) != ImpressionPair.SetOf(parts[1]))
            {
                throw new InvalidDataException(
                    $"{file.FullName}, line {number}: found {parts[0]} and {parts[1]}, wanted two of one set");
            }

            if (!scores.TryAdd(new ImpressionPair(parts[0], parts[1]), areDistances ? -score : score))
            {
                throw new InvalidDataException(
                    $"{file.FullName}, line {number}: found {parts[0]} and {parts[1]} a second time, wanted it once");
            }
        }

        return scores;
    }

    /// <summary>Writes scores with the pairs in order, so that equal scores are an equal file.</summary>
    public static void Write(FileInfo file, IEnumerable<KeyValuePair<ImpressionPair, double>> scores)
    {
        file.Directory?.Create();
        File.WriteAllLines(
            file.FullName,
            scores.OrderBy(pair => pair.Key.One, StringComparer.Ordinal)
                .ThenBy(pair => pair.Key.Other, StringComparer.Ordinal)
                .Select(pair => string.Create(
                    CultureInfo.InvariantCulture, $"{pair.Key.Other}\t{pair.Key.One}\t{pair.Value:R}")));
    }
}
