using System.CommandLine;
using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Runs;
using MatchCluster.Matching.Model;
using Spectre.Console;

namespace MatchCluster.LoadTest.Commands;

/// <summary>
/// <c>seed</c>: enrols the synthetic people that a run with this seed asks for, over the bulk door. What is
/// there already stays and is counted, so that a seeding that was cut off is finished by starting it again.
/// </summary>
internal static class SeedCommand
{
    private const int Incomplete = 1;

    public static Command Create(IAnsiConsole console)
    {
        Option<string> url = new("--url")
        {
            Description = "Server.",
            DefaultValueFactory = _ => "http://127.0.0.1:5080",
        };
        Option<int> people = LoadInputs.Number("--people", "Synthetic persons to enrol.", 2000, 1, 10_000_000);
        Option<int> seed = LoadInputs.Number("--seed", "Seed of the population.", 1, 0, int.MaxValue);
        Option<string> gallery = new("--gallery")
        {
            Description = "Gallery to enrol into.",
            DefaultValueFactory = _ => "demo",
        };
        Option<string> modality = new("--modality")
        {
            Description = "What each person brings: ten fingers, two eyes or both.",
            DefaultValueFactory = _ => "both",
        };
        modality.AcceptOnlyFromAmong("finger", "iris", "both");
        Option<bool> remote = new("--allow-remote") { Description = "Allow a server on another machine." };

        Command command = new("seed", "Enrols synthetic people, those that a run with the same seed asks for.")
        {
            url, people, seed, gallery, modality, remote,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            if (!TargetGuard.TryParse(
                parsed.GetValue(url)!, parsed.GetValue(remote), out Uri? target, out string? error))
            {
                return await LoadCommand.RefuseAsync(error);
            }

            if (IdRule.Check("--gallery", parsed.GetValue(gallery)) is { } badGallery)
            {
                return await LoadCommand.RefuseAsync(badGallery);
            }

            string wanted = parsed.GetValue(modality)!;
            using Seeding seeding = new(target, parsed.GetValue(seed), parsed.GetValue(gallery)!)
            {
                Fingers = wanted != "iris",
                Eyes = wanted != "finger",
            };
            SeedCount count = await seeding.RunAsync(
                parsed.GetValue(people), done => console.WriteLine($"{done} of {parsed.GetValue(people)}"), cancel);
            console.WriteLine(count.ToString());
            return count.Problem is null ? 0 : Incomplete;
        });
        return command;
    }
}
