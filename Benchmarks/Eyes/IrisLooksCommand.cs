using System.CommandLine;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.IrisImages;
using MatchCluster.Matching.Model;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Eyes;

/// <summary>
/// Pictures of eyes taken upside down, and two eyes of one person: what is found at the second look and what that
/// costs, and whether two fused eyes claim the right odds.
/// </summary>
internal static class IrisLooksCommand
{
    public static Command Create(IAnsiConsole console)
    {
        var input = new Option<DirectoryInfo>("--in")
        {
            Description = "Folder of pictures; what stands before the first underscore of a name is the eye.",
            Required = true,
        };
        var command = new Command("iris-looks", "Eyes upside down and two eyes of a person, from pictures.") { input };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(input), console));
        return command;
    }

    private static int Run(DirectoryInfo input, IAnsiConsole console)
    {
        if (LabelledEyes.Read(input, leastEyes: 4) is not { } read)
        {
            return RunCommand.Misused;
        }

        (EyePicture[] pictures, string[] names, int[] eyes) = read;
        Decoded<IrisEncoded>[] turned = [.. pictures.AsParallel().AsOrdered().Select(TurnedOf)];
        console.WriteLine(
            $"{pictures.Length} pictures of {names.Length} eyes; not encoded: "
            + $"{pictures.Count(picture => !picture.Encoded.IsAccepted)} upright, "
            + $"{turned.Count(one => !one.IsAccepted)} turned by 180 degrees");
        foreach ((string name, IrisShape shape) in (ReadOnlySpan<(string, IrisShape)>)
            [("D2048", IrisShape.D2048), ("W16384", IrisShape.W16384)])
        {
            EyeCodes upright = EyeCodes.Of([.. pictures.Select(picture => picture.Encoded)], shape);
            EyeTurnTable.Write(console, name, upright, EyeCodes.Of(turned, shape), eyes);
            EyePairTable.Write(console, name, upright, eyes);
        }

        return 0;
    }

    private static Decoded<IrisEncoded> TurnedOf(EyePicture picture)
    {
        if (picture.Image is not { } image)
        {
            return picture.Encoded;
        }

        byte[] pixels = image.Pixels.ToArray();
        Array.Reverse(pixels);
        return IrisEncoder.Encode(image with { Pixels = pixels }, BiometricPosition.UnknownEye);
    }
}

/// <summary>The codes of pictures by one profile, as probes and as rows; null where there is none.</summary>
internal sealed record EyeCodes(IrisProbe?[] Probes, byte[]?[] Rows)
{
    public static EyeCodes Of(IReadOnlyList<Decoded<IrisEncoded>> encoded, IrisShape shape)
    {
        IrisCode?[] codes =
        [
            .. encoded.Select(one => !one.IsAccepted ? null : shape == IrisShape.D2048 ? one.Value.Narrow
                : one.Value.Wide),
        ];
        return new EyeCodes(
            [.. codes.Select(code => code is null ? null : new IrisProbe(code))],
            [.. codes.Select(EyeComparisons.RowOf)]);
    }

    /// <summary>-10 log10 FMR of a picture's code against another one's row; 0 where they cannot be compared.</summary>
    public static double Score(IrisProbe? probe, byte[]? row) => probe is not null && row is not null
        && IrisScorer.TryCompare(probe, row, out IrisComparison found) ? IrisCalibration.Score(found, probe, row) : 0;
}
