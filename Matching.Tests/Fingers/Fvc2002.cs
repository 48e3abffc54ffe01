using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Fingers;

/// <summary>The FVC2002 records beside the repository, with set, finger and impression of each.</summary>
internal sealed record Fvc2002(int Set, int Finger, int Impression, FingerView View)
{
    public static IReadOnlyList<Fvc2002> Read() =>
    [
        .. Enumerable.Range(1, 4).SelectMany(set => Directory
            .GetFiles(SharedData.Path("fingers", "fvc2002", $"DB{set}_B"), "*.iso")
            .Order(StringComparer.Ordinal)
            .Select(path => Read(set, path))),
    ];

    public bool IsFingerOf(Fvc2002 other) => Set == other.Set && Finger == other.Finger;

    private static Fvc2002 Read(int set, string path)
    {
        string[] name = Path.GetFileNameWithoutExtension(path).Split('_');
        FingerRecord record = FingerRecords.Decode(TemplateFormat.Iso19794v2005, File.ReadAllBytes(path)).Value!;
        return new(set, int.Parse(name[0]), int.Parse(name[1]), record.Views[0]);
    }
}
