using MatchCluster.Api.Hosting;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Tests.Benchmarks;

/// <summary>
/// A folder of sets as the accuracy command reads them, SET/F_I.iso, made of people who do not exist; it ends with its
/// tests.
/// </summary>
public sealed class GeneratedPrints : IDisposable
{
    public const int Fingers = 6;
    public const int Impressions = 3;

    private static readonly SyntheticPopulation People = new(4);

    private readonly TemporaryDirectory folder = new();

    public GeneratedPrints()
    {
        for (int set = 0; set < Sets.Count; set++)
        {
            Directory.CreateDirectory(Path.Combine(Root, Sets[set]));
            for (int finger = 1; finger <= Fingers; finger++)
            {
                SyntheticPerson person = People.Person((Fingers * set) + finger);
                for (int impression = 1; impression <= Impressions; impression++)
                {
                    File.WriteAllBytes(
                        Record(Sets[set], finger, impression),
                        FingerRecords.Encode(TemplateFormat.Iso19794v2005, [person.Finger(2, impression)]));
                }
            }
        }
    }

    public static IReadOnlyList<string> Sets { get; } = ["A", "B & C"];

    public string Root => folder.Path;

    public string Record(string set, int finger, int impression) =>
        Path.Combine(Root, set, $"{finger}_{impression}.iso");

    /// <summary>A file that a command is to write.</summary>
    public string New(string name) => Path.Combine(Root, "written", name);

    /// <summary>The only view of a record, as anybody would read it.</summary>
    public static FingerView Read(string record) =>
        FingerRecords.Decode(TemplateFormat.Iso19794v2005, File.ReadAllBytes(record)).Value!.Views[0];

    public void Dispose() => folder.Dispose();
}
