using System.CommandLine;
using MatchCluster.Api.Osia.Protection;

namespace MatchCluster.Api.Options;

/// <summary>"payload-keys": makes private keys and their public part, of the server or of a partner.</summary>
internal static class PayloadKeysCommand
{
    public static Command Make()
    {
        Option<string> file = new("--file")
        {
            HelpName = "FILE",
            Required = true,
            Description = "The private keys (JWKS, mode 600). New ones are put before those that it has already, so "
                + "that what was encrypted with those can still be opened; delete those by hand when nobody uses them",
        };
        Command make = new(
            "payload-keys",
            $"Make a key that opens encrypted data and one that signs, and print their public part, which others need "
                + $"(FILE{NewKeys.PublicSuffix} has all of them)")
        {
            file,
        };
        make.SetAction(said =>
        {
            try
            {
                said.InvocationConfiguration.Output.WriteLine(NewKeys.AddTo(said.GetValue(file)!));
                return 0;
            }
            catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or InvalidDataException
                or ArgumentException)
            {
                said.InvocationConfiguration.Error.WriteLine(
                    $"matchcluster: --file: {wrong.Message.ReplaceLineEndings(" ")}");
                return CommandLine.CannotStart;
            }
        });
        return make;
    }
}
