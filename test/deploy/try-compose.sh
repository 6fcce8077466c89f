#!/bin/sh
# Loads the compose files as docker compose does, all profiles, without an engine: with its own
# library, compose-go, which checks them against the Compose Specification. Needs Go.
#   test/deploy/try-compose.sh FOLDER     an empty folder to build it in
set -eu
deploy=$(cd "$(dirname "$0")/../../deploy" && pwd)
cd "$1"
cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

func main() {
	options, err := cli.NewProjectOptions(os.Args[1:], cli.WithOsEnv, cli.WithProfiles([]string{"*"}), cli.WithName("check"))
	if err == nil {
		project, failure := options.LoadProject(context.Background())
		if err = failure; err == nil {
			fmt.Println(project.ServiceNames())
			return
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
GO
go mod init check
go get github.com/compose-spec/compose-go/v2@v2.16.2
go mod tidy
go build -o check .
export PUBLIC_URL=https://calendar.example JWKS_URL=https://id.example/jwks JWT_ISSUER=https://id.example JWT_AUDIENCE=calendar
./check "$deploy/compose.yml"
./check "$deploy/compose.yml" "$deploy/compose.kafka.yml"
