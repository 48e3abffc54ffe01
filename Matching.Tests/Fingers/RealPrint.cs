using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Tests.Fingers;

/// <summary>The records beside the repository that the finger curves are fitted to, in the order of the fit.</summary>
internal sealed record RealPrint(int Set, int Finger, int Impression, FingerView View)
{
    private static readonly string[][] Sets =
    [
        ["fvc2002", "DB1_B"], ["fvc2002", "DB2_B"], ["fvc2002", "DB3_B"], ["fvc2002", "DB4_B"], ["veridicom"],
    ];

    public static IReadOnlyList<RealPrint> Read() =>
    [
        .. Sets.SelectMany((set, number) => Directory
            .GetFiles(SharedData.Path(["fingers", .. set]), "*.iso")
            .Select(path => Read(number, path)).OrderBy(print => print.Finger).ThenBy(print => print.Impression)),
    ];

    private static RealPrint Read(int set, string path)
    {
        string[] name = Path.GetFileNameWithoutExtension(path).Split('_');
        FingerRecord record = FingerRecords.Decode(TemplateFormat.Iso19794v2005, File.ReadAllBytes(path)).Value!;
        return new(set, int.Parse(name[0]), int.Parse(name[1]), record.Views[0]);
    }
}
