using System.CommandLine;
using MatchCluster.Matching.Keys;

namespace MatchCluster.Api.Options;

/// <summary>The options that say where a master key comes from.</summary>
internal sealed class MasterKeyArguments
{
    private readonly Option<string?> file;
    private readonly Option<string?> variable;
    private readonly Option<string?> command;

    /// <param name="name">Name of the options, without a suffix for the file: "--master-key".</param>
    /// <param name="what">What the key is for, as the begin of a sentence.</param>
    public MasterKeyArguments(string name, string what)
    {
        file = Text(name, "FILE", $"{what}: a file of {MasterKey.Bytes} bytes, or of their base64, that nobody but "
            + "its owner can read (docs/encryption.md)");
        variable = Text(name + "-env", "NAME", $"{what}: the environment variable that holds it in base64");
        command = Text(name + "-command", "COMMAND", $"{what}: a command that prints it, for a key management "
            + "service");
    }

    public Option[] All => [file, variable, command];

    /// <summary>What is wrong with them; null where they can be read.</summary>
    public string? ProblemOf(ParseResult said) => All.Count(option => said.GetResult(option) is not null) > 1
        ? $"{file.Name}: found several sources of the key, wanted one of {string.Join(", ", All.Select(o => o.Name))}"
        : null;

    /// <summary>Where the key comes from; null where nothing was said.</summary>
    public MasterKeySource? Read(ParseResult said) =>
        said.GetValue(file) is { } path ? MasterKeySource.OfFile(path)
        : said.GetValue(variable) is { } name ? MasterKeySource.OfVariable(name)
        : said.GetValue(command) is { } line ? MasterKeySource.OfCommand(line)
        : null;

    private static Option<string?> Text(string name, string help, string description) =>
        new(name) { HelpName = help, Description = description };
}
